import { existsSync, readFileSync } from "node:fs";
import { Document, isMap, isScalar, isSeq, parse as parseYaml } from "yaml";
import { findSpacecraftPreset } from "../../operators/presets/preset-lookup.ts";
import { spacecraftPresets } from "../../operators/presets/registry.ts";
import { figuresOf, type FigureOrigin } from "../../operators/presets/figure.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../operators/presets/spacecraft-preset.ts";
import { checkSpacecraft } from "../../pipeline/mission/spacecraft-schema.ts";
import type { Spacecraft, EvictionRule, SendOrder, Store } from "../../pipeline/mission/spacecraft.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { findNamedConstellation } from "../../planning/orbits/constellation-presets.ts";
import type { Bytes } from "../../pipeline/units.ts";

/** What a satellite is unless user and constellation say otherwise. */
const defaultPreset = "cubesat-6u";

const readYaml = (file: string): unknown => {
  const what = `spacecraft ${file}`;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SwathError("config", { what: `cannot read ${what}`, got: messageOf(cause), cause });
  }
  try {
    return parseYaml(text);
  } catch (cause) {
    // The parser goes on to draw the place, over several lines.
    const got = (messageOf(cause).split("\n")[0] ?? "").replace(/:$/, "");
    throw new SwathError("config", { what, wanted: "YAML or JSON", got, cause });
  }
};

/**
 * The spacecraft that `--spacecraft` means: a preset's name, or a YAML or JSON file as `swath presets NAME --yaml` writes it
 * (`./oec` is a file all the same).
 *
 * @throws SwathError("config") for an unknown preset, and for a file with a figure missing or out of its range, by its path
 */
export const readSpacecraft = (spec: string): Spacecraft => {
  const preset = findSpacecraftPreset(spec);
  if (preset !== null) return spacecraftOf(preset);
  if (!existsSync(spec)) {
    throw new SwathError("config", {
      what: `spacecraft "${spec}"`,
      wanted: `${spacecraftPresets.map(({ name }) => name).join(", ")}, or a YAML file`,
      got: "neither a preset nor a file",
      hint: "swath presets NAME --yaml > mine.yaml is a start",
    });
  }
  return checkSpacecraft(readYaml(spec), `${spec}: spacecraft`);
};

/** What flies: what the user asked for, else what the constellation brings, else a cubesat. Throws as `readSpacecraft` does. */
export const spacecraftFor = (asked: string | null, constellation: string): Spacecraft =>
  readSpacecraft(asked ?? findNamedConstellation(constellation)?.spacecraft ?? defaultPreset);

/** How many figures of a preset somebody published; `null` for a spacecraft of the user's own. */
export const publishedFigures = (
  name: string,
): { readonly published: number; readonly figures: number } | null => {
  const preset = findSpacecraftPreset(name);
  if (preset === null) return null;
  const figures = figuresOf(preset.sheet);
  return { published: figures.filter(({ kind }) => kind === "published").length, figures: figures.length };
};

/** Whether somebody published a figure of a preset, by its path in the sheet; `null` for a spacecraft of the user's own, or no figure. */
export const figureKind = (name: string, path: string): FigureOrigin | null => {
  const preset = findSpacecraftPreset(name);
  if (preset === null) return null;
  return figuresOf(preset.sheet).find((figure) => figure.path === path)?.kind ?? null;
};

/** Puts a remark beside every value of a document that has one. */
const annotate = (node: unknown, path: string, remarks: ReadonlyMap<string, string>): void => {
  const below = (key: string): string => (path === "" ? key : `${path}.${key}`);
  if (isMap(node)) {
    for (const { key, value } of node.items) annotate(value, below(String(key)), remarks);
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) annotate(item, below(`${index}`), remarks);
  } else if (isScalar(node)) {
    const remark = remarks.get(path);
    if (remark !== undefined) node.comment = ` ${remark}`;
    // Twelve zeros in a row are hard to count.
    if (typeof node.value === "number" && Math.abs(node.value) >= 1e6) node.format = "EXP";
  }
};

/** A preset as the YAML that `--spacecraft` reads, each figure with its unit and source beside it. */
export const spacecraftYaml = (preset: SpacecraftPreset): string => {
  const document = new Document(spacecraftOf(preset));
  document.commentBefore = ` ${preset.title}\n ${preset.note}\n Edit, and fly it with --spacecraft <this file>.`;
  const remarks = figuresOf(preset.sheet).map(
    ({ path, unit, kind, source }) => [path, `${unit === "" ? "" : `${unit}; `}${kind}: ${source}`] as const,
  );
  annotate(document.contents, "", new Map(remarks));
  return document.toString({ lineWidth: 0 });
};

/** What is asked of the store besides what the spacecraft says. */
export interface StoreWishes {
  readonly store: Bytes | null;
  readonly eviction: EvictionRule | null;
  readonly order: SendOrder | null;
}

/** A spacecraft with the store that is wished for. */
export const withStore = (craft: Spacecraft, { store, eviction, order }: StoreWishes): Spacecraft => {
  const wished: Store = {
    ...craft.store,
    ...(store === null ? {} : { capacity: store }),
    ...(eviction === null ? {} : { eviction }),
    ...(order === null ? {} : { order }),
  };
  return { ...craft, store: wished };
};
