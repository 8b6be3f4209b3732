import { SwathError } from "../../pipeline/errors.ts";
import type { ByteRange } from "../files/byte-source.ts";
import { readNumbers } from "./directory.ts";
import type { Tiff } from "./directory.ts";
import { blockBytes, blockRows } from "./image-layout.ts";
import type { ImageLayout } from "./image-layout.ts";
import { tag } from "./tag.ts";

/** Finds blocks by place; `null` for one that a sparse file leaves out. */
export type BlockTable = (plane: number, blockRow: number, blockColumn: number) => ByteRange | null;

const maxTableBytes = 64_000_000;

/** Reads where the blocks of an image lie. Throws `SwathError("raster")` when the lists are too short for it. */
export const readBlockTable = async (tiff: Tiff, image: ImageLayout): Promise<BlockTable> => {
  const { path } = tiff.bytes;
  const { directory, blocksAcross, filePlanes, storedRows } = image;
  const numbers = (first: number, second: number): Promise<Float64Array | null> =>
    readNumbers(tiff, directory, directory.has(first) ? first : second, maxTableBytes);
  const storedDown = Math.ceil(image.height / storedRows);
  const perPlane = blocksAcross * storedDown;
  const wanted = perPlane * filePlanes;
  const kind = image.tiled ? "tiles" : "strips";
  const offsets = await numbers(tag.tileOffsets, tag.stripOffsets);
  if (offsets === null || offsets.length < wanted) {
    const got = `${offsets?.length ?? "none"}`;
    throw new SwathError("raster", { what: `${path}: offsets of its ${kind}`, wanted: `${wanted}`, got });
  }
  const lengths = await numbers(tag.tileByteCounts, tag.stripByteCounts);
  // Some writers leave the lengths out when nothing is compressed: they follow from the shape.
  if (lengths === null ? image.compression !== 1 : lengths.length < wanted) {
    const got = `${lengths?.length ?? "none"}`;
    throw new SwathError("raster", { what: `${path}: byte counts of its ${kind}`, wanted: `${wanted}`, got });
  }
  const cuts = storedRows / image.block.height;
  return (plane, blockRow, blockColumn) => {
    const storedRow = cuts === 1 ? blockRow : Math.floor(blockRow / cuts);
    const index = plane * perPlane + storedRow * blocksAcross + blockColumn;
    const offsetBytes = offsets[index]!;
    if (offsetBytes === 0 && (lengths === null || lengths[index] === 0)) return null;
    if (image.compression !== 1) return { offsetBytes, lengthBytes: lengths![index]! };
    const skippedBytes = blockBytes(image, (blockRow - storedRow * cuts) * image.block.height);
    const lengthBytes = blockBytes(image, blockRows(image, blockRow));
    if (lengths !== null && skippedBytes + lengthBytes > lengths[index]!) {
      const what = `${path}: ${kind.slice(0, -1)} ${index} is too short`;
      const got = `${lengths[index]} bytes`;
      throw new SwathError("raster", { what, wanted: `${skippedBytes + lengthBytes}`, got });
    }
    return { offsetBytes: offsetBytes + skippedBytes, lengthBytes };
  };
};
