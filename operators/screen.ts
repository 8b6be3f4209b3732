import type { Raster } from "../pipeline/raster/raster.ts";

/** Why a tile need not be looked at, or `null` when it is worth it. */
export type ScreenVerdict = "empty" | "cloudy" | null;

/**
 * Reflectance above which a pixel that is about as bright in every visible band passes for cloud.
 * Thick cloud lies at 0.4–0.9, bright sand and roofs at 0.2–0.35 but redder; a judgement by brightness alone,
 * which takes snow and breakers for cloud and misses thin cirrus.
 */
const cloudReflectance = 0.3;
/** Largest spread between visible bands, relative to the brightest, that still counts as white. */
const whiteness = 0.25;

/** Whether no pixel of the raster holds a measurement. */
export const isEmpty = (raster: Raster): boolean => raster.valid !== null && !raster.valid.includes(1);

/** The bands that the brightness test looks at: the visible ones where names tell, else all. */
const visibleBands = (raster: Raster): readonly number[] => {
  const names = /^(B02|B03|B04|blue|green|red)$/i;
  const found = raster.bands.flatMap((band, b) => (names.test(band.commonName ?? band.name) ? [b] : []));
  return found.length > 0 ? found : raster.bands.map((_, b) => b);
};

/** The physical brightness of full scale, for bands that carry no reflectance. */
const fullScale = (raster: Raster, b: number): number => {
  const band = raster.bands[b];
  if (band?.unit === "reflectance") return 1;
  return band?.sampleType === "uint8" ? 255 : 65_535;
};

/** Share of the measured pixels, 0…1, that are bright and white. */
export const cloudShare = (raster: Raster): number => {
  const picked = visibleBands(raster).map((b) => ({
    plane: raster.planes[b] ?? new Uint8Array(),
    scale: (raster.bands[b]?.scale ?? 1) / fullScale(raster, b),
    offset: (raster.bands[b]?.offset ?? 0) / fullScale(raster, b),
  }));
  let cloudy = 0;
  let measured = 0;
  for (let i = 0; i < raster.width * raster.height; i++) {
    if (raster.valid !== null && raster.valid[i] === 0) continue;
    measured++;
    let low = Infinity;
    let high = -Infinity;
    for (const { plane, scale, offset } of picked) {
      const value = (plane[i] as number) * scale + offset;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > cloudReflectance && high - low < whiteness * high) cloudy++;
  }
  return measured === 0 ? 0 : cloudy / measured;
};

/** Judges one tile core for policy `screen`. */
export const screen = (core: Raster, maxCloudShare: number): ScreenVerdict => {
  if (isEmpty(core)) return "empty";
  return cloudShare(core) > maxCloudShare ? "cloudy" : null;
};
