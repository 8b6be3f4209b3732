import type { Band, Raster } from "../../pipeline/raster/raster.ts";
import type { SampleArray, SampleType } from "../../pipeline/raster/samples.ts";

/**
 * Reflectance above which a pixel that is about as bright in every visible band passes for cloud.
 * Thick cloud lies at 0.4–0.9, bright sand and roofs at 0.2–0.35 but redder; a judgement by brightness alone,
 * which takes snow and breakers for cloud and misses thin cirrus.
 */
const cloudReflectance = 0.3;
/** Largest spread between visible bands, relative to the brightest, that still counts as white. */
const whiteness = 0.25;

/** The bands that the brightness test looks at: the visible ones where names tell, else all. */
const visibleBands = (bands: readonly Band[]): readonly number[] => {
  const names = /^(B02|B03|B04|blue|green|red)$/i;
  const found = bands.flatMap((band, b) => (names.test(band.commonName ?? band.name) ? [b] : []));
  return found.length > 0 ? found : bands.map((_, b) => b);
};

/** The brightest sample of a type; floats are taken to run from 0 to 1. */
const fullScale: Readonly<Record<SampleType, number>> = {
  uint8: 0xff,
  int8: 0x7f,
  uint16: 0xffff,
  int16: 0x7fff,
  uint32: 0xffff_ffff,
  int32: 0x7fff_ffff,
  float32: 1,
  float64: 1,
};

/** What turns samples into brightness: reflectance where the band has it, else the share of full scale. */
const brightnessOf = ({ unit, scale, offset, sampleType }: Band): Pick<Band, "scale" | "offset"> =>
  unit === "reflectance" ? { scale, offset } : { scale: 1 / fullScale[sampleType], offset: 0 };

/** Share of the measured pixels, 0…1, that are bright and white; 0 when nothing is measured. */
export const brightShare = (raster: Raster): number => {
  const picked = visibleBands(raster.bands).map((b) => ({
    plane: raster.planes[b] as SampleArray,
    ...brightnessOf(raster.bands[b] as Band),
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
