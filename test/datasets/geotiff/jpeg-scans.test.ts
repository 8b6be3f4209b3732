import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { requireFewScans } from "../../../datasets/geotiff/jpeg-scans.ts";

describe("the scans of a JPEG", () => {
  const grey = { create: { width: 64, height: 64, channels: 3, background: "#888" } } as const;

  it("are few in any that a writer makes, at the largest size that is read", async () => {
    const progressive = await sharp(grey).jpeg({ progressive: true, optimiseScans: true }).toBuffer();
    expect(() => requireFewScans(progressive, 64e6)).not.toThrow();
    const baseline = await sharp(grey).jpeg().toBuffer();
    expect(() => requireFewScans(baseline, 4e8)).not.toThrow();
  });

  it("are refused where they would take minutes", () => {
    // What follows the marker does not matter here.
    const many = Buffer.concat(Array.from({ length: 400 }, () => Buffer.from([0xff, 0xda, 0, 0])));
    expect(() => requireFewScans(many, 64e6)).toThrow("400 scans of 64000000 pixels");
    expect(() => requireFewScans(many, 1e6)).not.toThrow();
  });
});
