import { createHash } from "node:crypto";
import type { Detection } from "../pipeline/detection/detection.ts";
import type { Detector, DetectorInfo, DetectorPart, WeightFlips } from "../pipeline/detection/detector.ts";
import { SwathError } from "../pipeline/errors.ts";
import type { PlacedRaster } from "../pipeline/raster/placed.ts";
import { isSameBand } from "./card/bands.ts";
import type { Model } from "./model.ts";

/** Several models that look at the same tiles: one detector, whose classes are those of all of them. */
export interface Ensemble extends Model {
  readonly members: readonly Model[];
}

interface Member {
  readonly model: Model;
  readonly part: DetectorPart;
  /** Where its bands stand among those of the ensemble. */
  readonly planes: readonly number[];
  /** Its first weight bit among those of all. */
  readonly firstBit: number;
}

/** The bands that any of them wants, each once. */
const unitedBands = (models: readonly Model[]): readonly string[] => {
  const bands: string[] = [];
  for (const { info } of models)
    for (const band of info.bands) if (!bands.some((one) => isSameBand(one, band))) bands.push(band);
  return bands;
};

/** Refuses models that cannot look at the same tiles, or whose results could not be told apart. */
const requireTogether = (models: readonly Model[]): void => {
  const [first, ...others] = models;
  if (first === undefined)
    throw new SwathError("config", { what: "workloads", wanted: "one model at least", got: "none" });
  const fail = (model: Model, what: string, wanted: string, got: string): SwathError =>
    new SwathError("config", {
      what: `workloads: ${what} of model ${model.info.name}`,
      wanted,
      got,
      field: "workloads",
    });
  const taken = new Map(first.info.classes.map((name) => [name, first.info.name]));
  for (const model of others) {
    const { tile, units, classes } = model.info;
    const { sizePx, heightPx = sizePx } = first.info.tile;
    if (tile.sizePx !== sizePx || (tile.heightPx ?? tile.sizePx) !== heightPx)
      throw fail(
        model,
        "tiles",
        `${sizePx} × ${heightPx} pixels, as ${first.info.name} has them`,
        `${tile.sizePx} × ${tile.heightPx ?? tile.sizePx}`,
      );
    if (units !== first.info.units)
      throw fail(
        model,
        "samples",
        `${first.info.units ?? "any"}, as ${first.info.name} takes them`,
        units ?? "any",
      );
    const twice = classes.find((name) => taken.has(name));
    if (twice !== undefined)
      throw fail(
        model,
        `class "${twice}"`,
        "a class that no other model of the mission has",
        `one that ${taken.get(twice) ?? ""} has too`,
      );
    for (const name of classes) taken.set(name, model.info.name);
  }
};

const memberOf = (models: readonly Model[], bands: readonly string[]): readonly Member[] => {
  let firstClass = 0;
  let firstBit = 0;
  return models.map((model) => {
    const { info, weightBits = 0 } = model;
    const member: Member = {
      model,
      part: {
        name: info.name,
        sha256: info.sha256,
        firstClass,
        classes: info.classes.length,
        opsPerPixel: info.opsPerPixel,
        precision: info.precision,
        weightBytes: Math.ceil(weightBits / 8),
      },
      planes: info.bands.map((band) => bands.findIndex((one) => isSameBand(one, band))),
      firstBit,
    };
    firstClass += info.classes.length;
    firstBit += weightBits;
    return member;
  });
};

/** What one member sees of a tile: its own bands, in its own order. */
const viewOf = ({ planes }: Member, tile: PlacedRaster): PlacedRaster => ({
  ...tile,
  bands: planes.map((at) => tile.bands[at] as PlacedRaster["bands"][number]),
  planes: planes.map((at) => tile.planes[at] as PlacedRaster["planes"][number]),
});

const flipsOf = ({ firstBit, model }: Member, flips: WeightFlips | undefined): WeightFlips | undefined => {
  if (flips === undefined || flips.length === 0) return flips;
  const end = firstBit + (model.weightBits ?? 0);
  return flips.filter((bit) => bit >= firstBit && bit < end).map((bit) => bit - firstBit);
};

const lookWith =
  (members: readonly Member[], classes: ReadonlySet<number> | null): Detector["detect"] =>
  async (tile, signal, flips) => {
    const seen: Detection[] = [];
    for (const member of members) {
      const found = await member.model.detect(viewOf(member, tile), signal, flipsOf(member, flips));
      for (const one of found) {
        const classId = one.classId + member.part.firstClass;
        if (classes === null || classes.has(classId)) seen.push({ ...one, classId });
      }
    }
    return seen.toSorted((a, b) => b.score - a.score);
  };

/** The figures of those members that work. */
const infoWith = (info: DetectorInfo, parts: readonly DetectorPart[]): DetectorInfo => ({
  ...info,
  opsPerPixel: parts.reduce((sum, { opsPerPixel }) => sum + opsPerPixel, 0),
  parts,
});

/**
 * Puts models together that look at the same tiles: a tile is read once, with the bands of all, and each model gets its own. What it finds has the
 * classes of all, one after the other. Disposes of the models. Throws `SwathError("config")` for models of other tiles or samples, or of the same
 * class.
 */
export const ensembleOf = (models: readonly Model[]): Ensemble => {
  requireTogether(models);
  const [first] = models as readonly [Model, ...Model[]];
  const bands = unitedBands(models);
  const members = memberOf(models, bands);
  const parts = members.map(({ part }) => part);
  const joined = (of: (info: DetectorInfo) => string): string => models.map(({ info }) => of(info)).join("+");
  const info: DetectorInfo = infoWith(
    {
      ...first.info,
      name: joined(({ name }) => name),
      version: joined(({ version }) => version),
      sha256: createHash("sha256")
        .update(JSON.stringify(models.map((one) => one.info.sha256)))
        .digest("hex"),
      classes: models.flatMap((one) => one.info.classes),
      bands,
      scoreThreshold: Math.min(...models.map((one) => one.info.scoreThreshold)),
      tile: { ...first.info.tile, overlapPx: Math.max(...models.map((one) => one.info.tile.overlapPx)) },
    },
    parts,
  );
  return {
    card: first.card,
    info,
    members: models,
    weightBits: members.reduce((sum, { model }) => sum + (model.weightBits ?? 0), 0),
    detect: lookWith(members, null),
    only(chosen, classes) {
      const working = members.filter((_, at) => chosen.includes(at));
      return {
        info: infoWith(
          info,
          working.map(({ part }) => part),
        ),
        weightBits: working.reduce((sum, { model }) => sum + (model.weightBits ?? 0), 0),
        detect: lookWith(working, classes),
        // The models belong to the whole.
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    async [Symbol.asyncDispose]() {
      for (const model of models) await model[Symbol.asyncDispose]();
    },
  };
};
