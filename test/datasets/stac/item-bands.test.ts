import { describe, expect, it } from "vitest";
import { commonNameAt } from "../../../datasets/band-name.ts";
import { assetBands } from "../../../datasets/stac/item-bands.ts";
import { item } from "../../../datasets/stac/schema.ts";

const bandsOf = (key: string, asset: object) => {
  const stac = item.parse({
    type: "Feature",
    id: "one",
    properties: {},
    assets: { [key]: { href: "a.tif", ...asset } },
  });
  return assetBands(stac, key, stac.assets[key]!);
};

describe("the light of a band", () => {
  // Middle wavelengths as the missions publish them: Sentinel-2A MSI, Landsat 8 OLI and TIRS.
  it.each([
    [0.443, "coastal"],
    [0.482, "blue"],
    [0.56, "green"],
    [0.665, "red"],
    [0.705, "rededge071"],
    [0.833, "nir"],
    [0.865, "nir08"],
    [0.945, "nir09"],
    [1.3735, "cirrus"],
    [1.614, "swir16"],
    [2.2024, "swir22"],
    [10.9, "lwir11"],
    [12, "lwir12"],
    [0.6, null],
    [560, null],
  ])("at %s micrometres is %s", (micrometres, light) => expect(commonNameAt(micrometres)).toBe(light));

  it("is told by the wavelength where no common name is said and the name means another", () => {
    const heat = { "eo:bands": [{ name: "B10", center_wavelength: 10.9 }] };
    expect(bandsOf("B10", heat)).toMatchObject([{ name: "B10", commonName: "lwir11" }]);
    const newer = { bands: [{ name: "B10", "eo:center_wavelength": 1.3735 }] };
    expect(bandsOf("B10", newer)).toMatchObject([{ name: "B10", commonName: undefined }]);
    const said = { "eo:bands": [{ name: "B10", common_name: "cirrus", center_wavelength: 10.9 }] };
    expect(bandsOf("B10", said)).toMatchObject([{ commonName: "cirrus" }]);
  });
});
