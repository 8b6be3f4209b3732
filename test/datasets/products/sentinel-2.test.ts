import { describe, expect, it } from "vitest";
import { productClues, untoldProduct } from "../../../datasets/products/metadata-file.ts";
import { productFacts } from "../../../datasets/products/registry.ts";
import { item } from "../../../datasets/stac/schema.ts";
import { sentinel2Baseline } from "../../../datasets/stac/item-bands.ts";

const itemOf = (id: string, properties: object) =>
  item.parse({ type: "Feature", id, properties, assets: {} });

describe("the baseline of an item", () => {
  it.each<[string, object, number | null]>([
    ["S2B_31TCJ_20230603_0_L2A", { platform: "sentinel-2b", "s2:processing_baseline": "05.09" }, 509],
    ["S2B_31TCJ_20230603_0_L2A", { "sentinel:processing_baseline": "04.00" }, 400],
    ["it", { platform: "Sentinel-2A", "processing:version": "02.14" }, 214],
    ["S2B_MSIL2A_20230603T104629_N0510_R051_T31TCJ_20230603T144629", {}, 510],
    ["it", { platform: "landsat-9", "processing:version": "05.09" }, null],
    ["S2B_31TCJ_20230603_0_L2A", { platform: "sentinel-2b" }, null],
  ])("%s %o", (id, properties, baseline) => {
    expect(sentinel2Baseline(itemOf(id, properties))).toBe(baseline);
  });
});

describe("what a count of a Sentinel-2 item is worth", () => {
  const worth = async (path: string, told: object) => {
    const facts = await productFacts(path, productClues({ ...untoldProduct, ...told }, undefined));
    return facts?.bands.map(({ scale, offset }) => [scale, offset]);
  };
  const remote = "https://example.com/tiles/31/T/CJ/B04.tif";

  it.each<[string, object, readonly (readonly number[])[] | undefined]>([
    ["since baseline 04.00", { band: "B04", baseline: 509 }, [[1e-4, -0.1]]],
    ["before it", { band: "B04", baseline: 301 }, [[1e-4, 0]]],
    ["where the offset was taken out", { band: "B04", baseline: 509, isOffsetApplied: true }, [[1e-4, 0]]],
    ["of a picture", { band: null, baseline: 509 }, undefined],
    ["of no Sentinel-2", { band: "B04" }, undefined],
  ])("%s", async (_, told, wanted) => expect(await worth(remote, told)).toEqual(wanted));
});
