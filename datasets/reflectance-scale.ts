import type { SceneEntry } from "./catalogue.ts";
import type { UnscaledEntry } from "./scene-entry.ts";

/** One count of a Sentinel-2 L1C or L2A product since 2015: 1 / QUANTIFICATION_VALUE. */
const sentinel2 = 1e-4;
/** Copernicus Browser's raw download stretches 0…1 over 16 bits. */
const fullScale = 1 / 65535;
/** Reflectance 2 in counts of 1e-4: snow and cloud reach 1.6, glints in a pixel or two more. */
const brightest = 20_000;

export interface ScaledEntries {
  readonly entries: readonly SceneEntry[];
  readonly notes: readonly string[];
}

const applyScale = ({ entry, unscaled }: UnscaledEntry, scale: number, all: boolean): SceneEntry => ({
  ...entry,
  scene: {
    ...entry.scene,
    bands: entry.scene.bands.map((band) =>
      unscaled.has(band.name) || (all && /^u?int/.test(band.sampleType))
        ? { ...band, scale, offset: 0, unit: "reflectance" as const }
        : band,
    ),
  },
});

/**
 * Settles what one count of 16-bit spectral bands is worth where no file says it: the `given` scale for every integer band;
 * else 1/65535 when most scenes hold counts that no reflectance of 1e-4 a count explains; else 1e-4 (Sentinel-2).
 * One answer for the whole dataset, since its scenes come from one place.
 */
export const settleScale = (described: readonly UnscaledEntry[], given?: number): ScaledEntries => {
  if (given !== undefined) return { entries: described.map((d) => applyScale(d, given, true)), notes: [] };
  const open = described.filter(({ unscaled }) => unscaled.size > 0);
  if (open.length === 0) return { entries: described.map(({ entry }) => entry), notes: [] };
  const bright = open.filter(({ peak }) => peak > brightest).length;
  const scale = bright * 2 > open.length ? fullScale : sentinel2;
  const taken =
    scale === fullScale
      ? `1/65535, since ${bright} of ${open.length} scenes hold counts above ${brightest}`
      : "1/10000 as in Sentinel-2 products";
  const note = `no file says what a count is worth: took reflectance = count × ${taken}; --reflectance-scale overrides`;
  return { entries: described.map((d) => applyScale(d, scale, false)), notes: [note] };
};
