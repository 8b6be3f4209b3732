import { SwathError } from "../../pipeline/errors.ts";
import type { Band, Raster } from "../../pipeline/raster/raster.ts";
import type { AnyCard } from "./card.ts";

/** Throws `SwathError("model")` unless a tile has the bands, the size and the units of a card. `where` names the model. */
export const checkTile = (
  { width, height, bands, planes, valid }: Raster,
  card: Pick<AnyCard, "bands" | "units" | "tile">,
  where: string,
): void => {
  const refuse = (what: string, wanted: string, got: string, hint?: string) =>
    new SwathError("model", { what: `${what} for ${where}`, wanted, got, ...(hint ? { hint } : {}) });
  if (planes.length !== card.bands.length || bands.length !== planes.length) {
    const wanted = `${card.bands.length} bands (${card.bands.join(", ")})`;
    throw refuse("tile", wanted, `${bands.length} (${bands.map(({ name }) => name).join(", ")})`);
  }
  const pixels = width * height;
  if (pixels === 0 || planes.some(({ length }) => length !== pixels) || (valid && valid.length !== pixels)) {
    const got = planes.map(({ length }) => length).join(", ");
    throw refuse("tile", `planes of ${width} × ${height} samples`, got);
  }
  // A few pixels more than the network's size would be cut off or, worse, run at another size than measured.
  const { sizePx, heightPx = sizePx } = card.tile;
  if (width > sizePx || height > heightPx) {
    throw refuse("tile", `at most ${sizePx} × ${heightPx} pixels`, `${width} × ${height}`);
  }
  for (const band of bands) checkUnits(band, card.units, where);
};

/** Throws `SwathError("model")` unless a band's samples are what a card computes from. `where` names the model. */
export const checkUnits = (band: Band, units: AnyCard["units"], where: string): void => {
  const refuse = (wanted: string, got: string, hint: string) =>
    new SwathError("model", { what: `band "${band.name}" for ${where}`, wanted, got, hint });
  if (units === "reflectance" && band.unit !== "reflectance") {
    const hint = "state scale and offset to reflectance in the dataset's metadata, or --reflectance-scale";
    throw refuse("reflectance", band.unit, hint);
  }
  if (units === "uint8" && band.sampleType !== "uint8") {
    throw refuse("8-bit samples", band.sampleType, "a model.json beside the weights can state other units");
  }
};
