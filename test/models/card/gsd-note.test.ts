import { expect, test } from "vitest";
import { gsdNote } from "../../../models/card/gsd-note.ts";

const mercator =
  "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs";

/** `step` metres of Web Mercator at 60° north: about half on the ground. */
const scene = (id: string, step: number) => ({
  id,
  width: 10,
  height: 10,
  georeference: { crs: "EPSG:3857", proj4: mercator, transform: [step, 0, 0, 0, -step, 8_399_737] as const },
});

test("pixels are measured on the ground before they are held against the card", () => {
  const card = { name: "ships", gsdMetres: { min: 8, max: 12 } };
  expect(gsdNote(card, [scene("fits", 20), scene("hair", 15.8)])).toBeNull();
  expect(gsdNote(card, [scene("fits", 20), scene("fine", 10), scene("coarse", 40)])).toBe(
    "ships was made for pixels of 8 to 12 m on the ground; those of fine, coarse are 5.01 to 20 m: expect it to find little, or wrongly",
  );
});

test("nothing is said where card or scene say nothing", () => {
  expect(gsdNote({ name: "any" }, [scene("a", 1)])).toBeNull();
  expect(
    gsdNote({ name: "any", gsdMetres: { min: 8, max: 12 } }, [{ ...scene("a", 1), georeference: null }]),
  ).toBeNull();
});
