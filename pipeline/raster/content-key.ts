import { createHash } from "node:crypto";
import type { Raster } from "./raster.ts";

/** The bytes of an array, without a copy. */
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/**
 * A name that two rasters share only if they hold the same pixels: SHA-256 of sides, mask, and of each plane with its type. What the
 * numbers mean is not in it; `about` is whatever else should tell them apart.
 */
export const contentKey = ({ width, height, planes, valid }: Raster, about = ""): string => {
  const hash = createHash("sha256").update(
    `${width} ${height} ${valid === null ? "whole" : "masked"} ${about}\n`,
  );
  if (valid !== null) hash.update(valid);
  for (const plane of planes) hash.update(`\n${plane.constructor.name} `).update(bytesOf(plane));
  return hash.digest("base64");
};
