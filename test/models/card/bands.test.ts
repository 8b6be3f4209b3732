import { describe, expect, test } from "vitest";
import { bandsFor } from "../../../models/card/bands.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import type { Band } from "../../../pipeline/raster/raster.ts";

const band = (name: string, commonName?: string, sampleType: Band["sampleType"] = "uint16"): Band => ({
  name,
  sampleType,
  scale: 1,
  offset: 0,
  unit: "dn",
  nodata: null,
  ...(commonName ? { commonName } : {}),
});
const scene = (...bands: readonly Band[]) => ({ id: "genoa", bands });
const sentinel = { name: "ships-s2", bands: ["B02", "B03", "B04", "B08"] };
const picture = { name: "yolo", bands: ["red", "green", "blue"] };

describe("bandsFor", () => {
  test("by the sensor's names, in the model's order", () => {
    const bands = ["B11", "B08", "B04", "B03", "B02"].map((name) => band(name));
    expect(bandsFor(sentinel, scene(...bands))).toEqual(["B02", "B03", "B04", "B08"]);
    expect(bandsFor(picture, scene(...bands))).toEqual(["B04", "B03", "B02"]);
  });

  test("by common names, whatever the sensor calls its bands", () => {
    const bands = [band("B2", "blue"), band("B3", "green"), band("B4", "red"), band("B5", "nir")];
    expect(bandsFor(sentinel, scene(...bands))).toEqual(["B2", "B3", "B4", "B5"]);
    expect(bandsFor(picture, scene(band("Blue"), band("Green"), band("Red")))).toEqual([
      "Red",
      "Green",
      "Blue",
    ]);
  });

  test("samples of other units are refused before a pixel is read", () => {
    const eight = { ...picture, units: "uint8" as const };
    expect(() => bandsFor(eight, scene(band("red"), band("green"), band("blue")))).toThrow(
      /band "red" for model "yolo" in scene "genoa": wanted 8-bit samples, got uint16/,
    );
    const light = { ...picture, units: "reflectance" as const };
    expect(() => bandsFor(light, scene(band("red"), band("green"), band("blue")))).toThrow(
      /band "red" for model "yolo" in scene "genoa": wanted reflectance, got dn.*--reflectance-scale/,
    );
    // A band that the model does not look at may be anything.
    const bands = ["red", "green", "blue"].map((name) => band(name, undefined, "uint8"));
    expect(bandsFor(eight, scene(...bands, band("nir")))).toEqual(["red", "green", "blue"]);
  });

  test("where the file's bands have no names, the error says how to name them", () => {
    const nameless = [1, 2, 3, 4].map((n) => band(`band${n}`));
    expect(() => bandsFor(sentinel, scene(...nameless))).toThrow(
      /band B02 is missing.*got 4 \(band1, band2, band3, band4\); name them .*--bands B02,B03,B04,B08/,
    );
    expect(() => bandsFor(sentinel, scene(band("red")))).not.toThrow(/--bands/);
  });

  test("a band's own name counts before a common name", () => {
    const bands = [band("wide", "red"), band("red"), band("green"), band("blue")];
    expect(bandsFor(picture, scene(...bands))).toEqual(["red", "green", "blue"]);
  });

  test("a name of other light is not taken: Landsat's B10 is heat, Sentinel-2's is cirrus", () => {
    const cirrus = { name: "cirrus", bands: ["B10"] };
    expect(bandsFor(cirrus, scene(band("B10", "cirrus")))).toEqual(["B10"]);
    expect(bandsFor(cirrus, scene(band("B10")))).toEqual(["B10"]);
    expect(() => bandsFor(cirrus, scene(band("B10", "lwir11")))).toThrow(
      /band B10 is of other light: wanted cirrus, as Sentinel-2 numbers its bands, got B10 \(lwir11\); .*"lwir11"/,
    );
    // The common name decides where another band has it.
    expect(bandsFor(cirrus, scene(band("B10", "lwir11"), band("B9", "cirrus")))).toEqual(["B9"]);
    expect(() => bandsFor({ name: "edge", bands: ["B05"] }, scene(band("B05", "nir08")))).toThrow(
      /B05 is of other light: wanted rededge071/,
    );
    // `nir` and `rededge` are what older files call any of their kind.
    expect(
      bandsFor({ name: "edge", bands: ["B05", "B8A"] }, scene(band("B05", "rededge"), band("B8A", "nir"))),
    ).toEqual(["B05", "B8A"]);
  });

  test("two bands of one light are no answer", () => {
    const two = [band("nir_1", "nir"), band("nir_2", "nir")];
    expect(() => bandsFor({ name: "one", bands: ["B08"] }, scene(...two))).toThrow(
      /band B08 may be one of 2: wanted one band of the light "nir", got nir_1 \(nir\), nir_2 \(nir\)/,
    );
  });

  test("of a nameless 8-bit picture, the first three", () => {
    const bands = ["1", "2", "3", "4"].map((name) => band(name, undefined, "uint8"));
    expect(bandsFor(picture, scene(...bands))).toEqual(["1", "2", "3"]);
  });

  test.each([
    ["a band is missing", sentinel, ["B02", "B03", "B04"].map((n) => band(n)), "B08"],
    ["nameless bands are not 8-bit", picture, ["1", "2", "3"].map((n) => band(n)), "red"],
    [
      "a picture has no near infrared",
      sentinel,
      ["1", "2", "3"].map((n) => band(n, undefined, "uint8")),
      "B08",
    ],
    [
      "an 8-bit scene says what its bands are, and they are others",
      picture,
      ["B08", "B11", "B12"].map((n) => band(n, undefined, "uint8")),
      "red",
    ],
  ])("says what is missing where %s", (_, model, bands, missing) => {
    const wanted = `band ${missing} is missing: wanted ${model.bands.length} bands (${model.bands.join(", ")}), got ${bands.length}`;
    expect(() => bandsFor(model, scene(...bands))).toThrow(
      expect.toSatisfy((e) => isSwathError(e, "model") && e.message.includes(wanted), wanted),
    );
  });
});
