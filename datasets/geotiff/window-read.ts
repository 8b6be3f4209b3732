import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import { intersectWindows, windowArea } from "../../pipeline/raster/raster.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import { allocateSamples, bytesPerSample } from "../../pipeline/raster/samples.ts";
import type { SampleArray } from "../../pipeline/raster/samples.ts";
import { copyPart } from "./block.ts";
import type { Block } from "./block.ts";
import { borrowBlock } from "./block-cache.ts";
import type { ByteCache } from "../../pipeline/byte-cache.ts";
import type { ByteRange } from "../files/byte-source.ts";
import type { BlockTable } from "./block-table.ts";
import { decodeBlock } from "./codec.ts";
import type { Tiff } from "./directory.ts";
import { blockBytes, blockRows } from "./image-layout.ts";
import type { ImageLayout } from "./image-layout.ts";
import { planReads } from "./read-plan.ts";
import { requireBands, requireWindow, unlessAborted } from "./request.ts";

/** One image of a file with all that reading it takes. */
export interface ReadableImage {
  readonly tiff: Tiff;
  readonly layout: ImageLayout;
  readonly table: BlockTable;
  /** Read with `borrowBlock`. */
  readonly cache: ByteCache<Block>;
  /** Tells the images of one cache apart. */
  readonly cacheKey: string;
  /** The value of blocks that a sparse file leaves out. */
  readonly fill: number;
}

/** One block that a window touches. */
interface WantedBlock extends ByteRange {
  readonly plane: number;
  readonly row: number;
  readonly column: number;
}

/** Reads under way at once for one window. The pool has four threads; one more keeps them fed. */
const readsInFlight = 5;
/** A typed array cannot hold more, and no window that a model sees comes near it. */
const maxWindowBytes = 2 ** 31 - 1;

/** The blocks that `window` touches in the file planes that `planes` names, without those of a sparse file. */
const blocksOf = (image: ReadableImage, window: PixelWindow, planes: readonly number[]): WantedBlock[] => {
  const { block } = image.layout;
  const most = 2 * blockBytes(image.layout, image.layout.storedRows) + 1_000_000;
  const blocks: WantedBlock[] = [];
  const lastRow = Math.floor((window.y + window.height - 1) / block.height);
  const lastColumn = Math.floor((window.x + window.width - 1) / block.width);
  for (const plane of planes) {
    for (let row = Math.floor(window.y / block.height); row <= lastRow; row++) {
      for (let column = Math.floor(window.x / block.width); column <= lastColumn; column++) {
        const range = image.table(plane, row, column);
        if (range === null) continue;
        if (range.lengthBytes > most) {
          const what = `${image.tiff.bytes.path}: block ${column}, ${row} is corrupt`;
          throw new SwathError("raster", {
            what,
            wanted: `at most ${most} bytes`,
            got: `${range.lengthBytes}`,
          });
        }
        blocks.push({ plane, row, column, ...range });
      }
    }
  }
  return blocks;
};

/** What is expected may be brought in larger pieces: a request costs as much as 100 kB or more. */
const plannedReadBytes = 2_000_000;

/** Blocks are looked at once for each window and once more here; beyond so many the end of the plan is left open. */
const mostPlannedBlocks = 1_000_000;

/**
 * The reads that `windows` take, in their order, each block once; plain data. `images` are those of one file that are read for each
 * window, with the bands of each. What `readPlanes` reads lies in them: a source that expects them brings several blocks in a request.
 */
export const planWindows = (
  images: readonly { readonly image: ReadableImage; readonly bandIndexes: readonly number[] }[],
  windows: readonly PixelWindow[],
): readonly ByteRange[] => {
  const needs = new Map<number, { readonly order: number } & ByteRange>();
  for (const [order, window] of windows.entries()) {
    if (needs.size > mostPlannedBlocks) break;
    for (const { image, bandIndexes } of images) {
      for (const { offsetBytes, lengthBytes } of blocksOf(image, window, filePlanesOf(image, bandIndexes))) {
        if (!needs.has(offsetBytes)) needs.set(offsetBytes, { order, offsetBytes, lengthBytes });
      }
    }
  }
  const firstOf = (items: readonly { readonly order: number }[]): number =>
    items.reduce((first, { order }) => Math.min(first, order), Infinity);
  return planReads([...needs.values()], plannedReadBytes).toSorted(
    (a, b) => firstOf(a.items) - firstOf(b.items),
  );
};

const filePlanesOf = (
  { layout: { filePlanes } }: ReadableImage,
  bandIndexes: readonly number[],
): readonly number[] => (bandIndexes.length === 0 ? [] : filePlanes === 1 ? [0] : [...new Set(bandIndexes)]);

const keyOf = (image: ReadableImage, { plane, row, column }: WantedBlock): string =>
  `${image.cacheKey}/${plane}/${row}/${column}`;

/** The blocks of one planned read, decoded or being decoded; those in the cache are not read again. */
const loadBlocks = (
  image: ReadableImage,
  items: readonly WantedBlock[],
  signal: AbortSignal | undefined,
): readonly Promise<Block>[] => {
  const { tiff, layout, cache } = image;
  const missing = items.filter((item) => !cache.has(keyOf(image, item)));
  const start = Math.min(...missing.map(({ offsetBytes }) => offsetBytes));
  const end = Math.max(...missing.map(({ offsetBytes, lengthBytes }) => offsetBytes + lengthBytes));
  const decode = async (data: Uint8Array): Promise<readonly Promise<Block>[]> => {
    const blocks = missing.map(({ row, column, offsetBytes, lengthBytes }) => {
      const own = data.subarray(offsetBytes - start, offsetBytes - start + lengthBytes);
      const name = `${tiff.bytes.path}: block ${column}, ${row}`;
      return decodeBlock(own, layout, blockRows(layout, row), tiff.littleEndian, name);
    });
    // Each block's error is its own; the bytes are lent until the last one is done with them.
    await Promise.allSettled(blocks);
    return blocks;
  };
  const decoded = missing.length === 0 ? undefined : tiff.bytes.lend(start, end - start, decode, signal);
  // Those at hand first: what is put beside them may push them out.
  const places = new Map(missing.map((item, at) => [item, at]));
  const blockOf = (item: WantedBlock): Promise<Block> => {
    const samples = layout.block.width * blockRows(layout, item.row) * layout.interleaved;
    return cache.get(keyOf(image, item), samples * bytesPerSample(layout.sampleType), async () => {
      const blocks = await decoded;
      return await blocks![places.get(item)!]!;
    });
  };
  const held = new Map(items.flatMap((item) => (places.has(item) ? [] : [[item, blockOf(item)] as const])));
  return items.map((item) => held.get(item) ?? blockOf(item));
};

/**
 * The samples of `window` for the bands asked for, one plane each.
 * Reads that do not depend on each other run side by side; a block is copied and let go as soon as it is decoded.
 */
export const readPlanes = async (
  image: ReadableImage,
  window: PixelWindow,
  bandIndexes: readonly number[],
  signal?: AbortSignal,
): Promise<SampleArray[]> => {
  const { layout } = image;
  const { path } = image.tiff.bytes;
  requireWindow(path, window, layout.width, layout.height);
  requireBands(path, bandIndexes, layout.samplesPerPixel);
  const area = windowArea(window);
  const bytes = area * bytesPerSample(layout.sampleType) * bandIndexes.length;
  if (bytes > maxWindowBytes) {
    const got = `${window.width} × ${window.height} × ${bandIndexes.length} bands`;
    throw new SwathError("raster", {
      what: `${path}: window`,
      wanted: `at most ${maxWindowBytes} bytes`,
      got,
    });
  }
  const wanted = blocksOf(image, window, filePlanesOf(image, bandIndexes));
  const targets = bandIndexes.map(() => allocateSamples(layout.sampleType, area));
  if (image.fill !== 0) for (const target of targets) target.fill(image.fill);

  const copy = (block: Block, { plane, row, column }: WantedBlock): void => {
    const { width, height } = layout.block;
    const from = { x: column * width, y: row * height, width, height: blockRows(layout, row) };
    const part = intersectWindows(window, from);
    if (part === null) return;
    if (layout.filePlanes === 1) copyPart(block, from, bandIndexes, targets, window, part);
    else {
      const own = targets.filter((_, i) => bandIndexes[i] === plane);
      copyPart(
        block,
        from,
        own.map(() => 0),
        own,
        window,
        part,
      );
    }
  };
  /** Another reader of the same block was told to stop, this one was not. */
  const again = (item: WantedBlock, error: unknown): Promise<Block> => {
    if (isSwathError(error) || signal?.aborted) throw error;
    return loadBlocks(image, [item], signal)[0]!;
  };
  const reads = planReads(wanted).values();
  const work = async (): Promise<void> => {
    for (const { items } of reads) {
      signal?.throwIfAborted();
      const blocks = loadBlocks(image, items, signal);
      const copied = Promise.all(
        blocks.map(async (block, i) => {
          const item = items[i]!;
          const read = (one: Block): void => copy(one, item);
          await borrowBlock(block, read).catch((error: unknown) => borrowBlock(again(item, error), read));
        }),
      );
      await unlessAborted(copied, signal);
    }
  };
  await Promise.all(Array.from({ length: readsInFlight }, work));
  signal?.throwIfAborted();
  return targets;
};
