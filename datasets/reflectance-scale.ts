import { SwathError } from "../pipeline/errors.ts";
import type { Band } from "../pipeline/raster/raster.ts";
import { isReflected } from "./band-name.ts";
import type { SceneEntry, Skipped } from "./catalogue.ts";
import { brightest, type CountSample } from "./count-sample.ts";
import type { UnscaledEntry } from "./scene-entry.ts";

/** One count of a Sentinel-2 L1C or L2A product since 2015: 1 / QUANTIFICATION_VALUE. */
const sentinel2 = 1e-4;
/** Copernicus Browser's raw download stretches 0…1 over 16 bits. */
const fullScale = 1 / 65535;

/** Nearly all values of a stretched file are multiples; a few that somebody edited change nothing. */
const mostlyStretched = 0.98;
/** One pixel in 200: more than glints, saturated detectors and hot pixels come to. */
const tooMany = 0.005;

const hint = "say what a count is worth: --reflectance-scale 1/10000 (and --reflectance-offset)";

/** What the user says that a count is worth; absent is as the dataset has it. */
export interface GivenScale {
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
}

/** Scenes with their reflectance scale, scenes without one, and notes for the user. */
export interface ScaledEntries {
  readonly entries: readonly SceneEntry[];
  /** Scenes whose values are in no scale that can be known. */
  readonly refused: readonly Skipped[];
  readonly notes: readonly string[];
}

/** Heat, radiance and alpha are no reflectance, whatever a count of the others is worth. */
const isForReflectance = ({ name, commonName, unit }: Band): boolean =>
  unit === "reflectance" ||
  (unit === "dn" && name !== "alpha" && (commonName === undefined || isReflected(commonName)));

const scaled = (
  { entry, unscaled }: UnscaledEntry,
  given: GivenScale,
  settled: number | null,
): SceneEntry => {
  const isGiven = given.scale !== undefined || given.offset !== undefined;
  const bands = entry.scene.bands.map((band): Band => {
    const isOpen = unscaled.has(band.name);
    if (isGiven && isForReflectance(band)) {
      const scale = given.scale ?? (isOpen ? (settled ?? band.scale) : band.scale);
      return { ...band, scale, offset: given.offset ?? band.offset, unit: "reflectance" };
    }
    return isOpen && settled !== null ? { ...band, scale: settled, offset: 0, unit: "reflectance" } : band;
  });
  return { ...entry, scene: { ...entry.scene, bands } };
};

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

const refuseCounts = (id: string, { bright }: CountSample): Skipped => ({
  scene: id,
  error: new SwathError("dataset", {
    what: `scene "${id}": no file says what a count is worth`,
    wanted: `counts that are a reflectance of 1/10000 each`,
    got: `${percent(bright)} of them above ${brightest}`,
    hint,
  }),
});

const refuseFloats = (id: string, { range: [low, high] }: CountSample): Skipped => ({
  scene: id,
  error: new SwathError("dataset", {
    what: `scene "${id}": no file says what its values are worth`,
    wanted: "reflectance, 0 to 1 but for a few",
    got: `values from ${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}`,
    hint,
  }),
});

type Finding = "stretched" | "plain" | "too bright" | "unknown";

/** What a sample says of integer counts. A few bright pixels say nothing. */
const findingOf = ({ measured, stretched, bright }: CountSample): Finding => {
  if (measured === 0) return "unknown";
  if (stretched >= mostlyStretched) return "stretched";
  return bright >= tooMany ? "too bright" : "plain";
};

/**
 * Settles what a value of spectral bands is worth where no file says it. What the user gives holds for every band that may be a reflectance,
 * floats too. Else floats must be in the range of a reflectance, and integers are counts of 1/65535 where all are multiples of 6.5535 (counts of
 * 1/10,000 stretched over 16 bits), counts of 1/10,000 (Sentinel-2) where they can be, and refused where they cannot. Shares of a sample
 * decide, never single pixels; a scene that says nothing goes with the others, since a dataset comes from one place.
 */
export const settleScale = (described: readonly UnscaledEntry[], given: GivenScale = {}): ScaledEntries => {
  if (given.scale !== undefined) {
    return { entries: described.map((d) => scaled(d, given, null)), refused: [], notes: [] };
  }
  const refused: Skipped[] = [];
  const findings = described.map(({ entry, sample }): Finding | null => {
    if (sample === null) return null;
    const finding = sample.isFloat ? null : findingOf(sample);
    if (sample.isFloat && sample.beyond >= tooMany) refused.push(refuseFloats(entry.scene.id, sample));
    if (finding === "too bright") refused.push(refuseCounts(entry.scene.id, sample));
    return finding;
  });
  const count = (wanted: Finding): number => findings.filter((finding) => finding === wanted).length;
  const usual = count("stretched") > count("plain") ? fullScale : sentinel2;
  const worth = (finding: Finding | null): number | null => {
    if (finding === null) return null;
    return finding === "stretched" ? fullScale : finding === "plain" ? sentinel2 : usual;
  };
  const isRefused = new Set(refused.map(({ scene }) => scene));
  const kept = described
    .map((d, i) => ({ d, settled: worth(findings[i] ?? null) }))
    .filter(({ d }) => !isRefused.has(d.entry.scene.id));
  const scales = kept.flatMap(({ d, settled }) => (d.unscaled.size > 0 && settled !== null ? [settled] : []));
  return {
    entries: kept.map(({ d, settled }) => scaled(d, given, settled)),
    refused,
    notes: noteOf(scales),
  };
};

const noteOf = (scales: readonly number[]): readonly string[] => {
  if (scales.length === 0) return [];
  const stretched = scales.filter((scale) => scale === fullScale).length;
  const of = `${stretched} of ${scales.length} scene${scales.length === 1 ? "" : "s"}`;
  const reason = `all their counts are multiples of 6.5535: 1/10000 stretched over 16 bits`;
  const taken =
    stretched === 0
      ? "1/10000 as in Sentinel-2 products"
      : stretched === scales.length
        ? `1/65535, since ${reason}`
        : `1/65535 in ${of}, since ${reason}, and 1/10000 as in Sentinel-2 products in the others`;
  return [
    `no file says what a count is worth: took reflectance = count × ${taken}; --reflectance-scale and --reflectance-offset override`,
  ];
};
