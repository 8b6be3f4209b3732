import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeDetections, encodeDetections } from "../../../pipeline/product/detection-batch.ts";
import { decodeTile, encodeTile } from "../../../pipeline/product/lossless/lossless-tile.ts";
import { sampleBatch, sampleOutlines, sampleRaster } from "./payload-samples.ts";
import { tileCases } from "./tile-cases.ts";

/**
 * Payloads as their versions were released. What a satellite in orbit sends must stay readable: a change that breaks these needs
 * a new version number. `SWATH_GOLDEN=write` makes them anew, but for the tiles of version 1, which nothing writes any more.
 */
const file = new URL("../../golden/product/payloads.json", import.meta.url);
const oldTilesFile = new URL("../../golden/product/tiles-version-1.json", import.meta.url);

if (process.env["SWATH_GOLDEN"] === "write") {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const payloads = {
    detections: base64(encodeDetections(sampleBatch)),
    outlines: base64(encodeDetections(sampleOutlines)),
    tile: base64(encodeTile(sampleRaster)),
  };
  writeFileSync(file, `${JSON.stringify(payloads, null, 2)}\n`);
}

const payloads = JSON.parse(readFileSync(file, "utf8")) as Record<"detections" | "outlines" | "tile", string>;

describe("payloads as they were released", () => {
  it("are still read: detections", () => {
    expect(decodeDetections(Buffer.from(payloads.detections, "base64"))).toEqual(sampleBatch);
  });

  it("are still read: detections with outlines, version 2", () => {
    const bytes = Buffer.from(payloads.outlines, "base64");
    expect(bytes[0]).toBe(2);
    expect(decodeDetections(bytes)).toEqual(sampleOutlines);
  });

  it("are still read, and still made: lossless tiles", () => {
    const bytes = Buffer.from(payloads.tile, "base64");
    expect(bytes[0]).toBe(2);
    expect(decodeTile(bytes, sampleRaster.bands)).toEqual(sampleRaster);
    expect(Buffer.from(encodeTile(sampleRaster)).equals(bytes)).toBe(true);
  });

  it.each(Object.entries(tileCases))("are still read: lossless tiles, version 1: %s", (name, raster) => {
    const oldTiles = JSON.parse(readFileSync(oldTilesFile, "utf8")) as Readonly<Record<string, string>>;
    const bytes = Buffer.from(oldTiles[name] ?? "", "base64");
    expect(bytes[0]).toBe(1);
    expect(decodeTile(bytes, raster.bands)).toEqual(raster);
  });
});
