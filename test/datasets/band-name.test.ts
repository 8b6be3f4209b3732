import { describe, expect, it } from "vitest";
import { bandNamesOf, foreignNumbers } from "../../datasets/band-name.ts";

const look = { isPicture: false, alphaBand: null, isSentinel2: false };

describe("names of bands", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["Sentinel-2's usual four", ["B2", "B3", "B4", "B8"], ["B02", "B03", "B04", "B08"]],
    ["two digits", ["B01", "B02", "B03", "B05"], ["B01", "B02", "B03", "B05"]],
    ["a band that Sentinel-2 alone has", ["B5", "B8A"], ["B05", "B8A"]],
    ["words", ["Blue", "Green", "Red", "NIR"], ["blue", "green", "red", "nir"]],
    ["a number twice", ["B2", "B2", "B3", "B4"], ["band1", "band2", "B03", "B04"]],
  ])("%s", (_, descriptions, names) => {
    expect(bandNamesOf(descriptions, look)).toEqual({ names, ambiguous: [] });
  });

  it.each<[string, readonly string[]]>([
    ["Landsat 7's or Sentinel-2's", ["B1", "B2", "B3", "B4"]],
    ["Landsat 8's near infrared or a red edge", ["B2", "B3", "B4", "B5"]],
    ["all of Landsat 8", ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11"]],
  ])("numbers of %s stay numbers", (_, numbers) => {
    expect(bandNamesOf(numbers, look)).toEqual({ names: numbers, ambiguous: numbers });
    const files = numbers.map((number) => `site_2023-06-03_${number}.tif`);
    expect(foreignNumbers(files)).toEqual(numbers);
    expect(foreignNumbers(files.map((file) => `S2A_${file}`))).toEqual([]);
    expect(bandNamesOf(numbers, { ...look, isSentinel2: true }).ambiguous).toEqual([]);
  });

  it("a band that is called by its light is no opacity, whatever it is marked as", () => {
    const marked = { ...look, alphaBand: 3 };
    expect(bandNamesOf(["red", "green", "blue", "nir"], marked).names).toEqual([
      "red",
      "green",
      "blue",
      "nir",
    ]);
    expect(bandNamesOf(["red", "green", "blue", null], marked).names).toEqual([
      "red",
      "green",
      "blue",
      "alpha",
    ]);
  });
});
