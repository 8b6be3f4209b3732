import { tokenCount } from "../residual-token.ts";
import { activityLevels, referencesOf, stateBytes } from "./prediction.ts";
import { openTileKernel, type TileKernel } from "./tile-kernel.ts";
import { allocateMemory, type WasmMemory } from "./web-assembly.ts";

/** Samples of border on each side, so that no neighbour needs a bounds check. */
const border = 2;
const pageBytes = 65_536;
/** What a workspace may hold on to between tiles; 1,024² × 4 bands take 26 MB. */
const keptBytes = 1 << 25;

/** Where things are in the memory of a tile; addresses and distances in bytes. */
export interface TileLayout {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  /** From a row of a plane to the next, and from a plane to the next. */
  readonly stride: number;
  readonly planeBytes: number;
  /** The first sample of band 0, of the two planes of residuals; all planes have one shape. */
  readonly planes: number;
  readonly residuals: readonly [number, number];
  readonly state: number;
  /** 32 bits for each symbol: counts, then steps of the coder. */
  readonly counts: number;
  /** 32 bits for each activity level: the address of its table; the tables follow. */
  readonly slots: number;
  /** 16 bits for each sample. */
  readonly symbols: number;
  readonly loose: number;
  readonly tokens: number;
  readonly end: number;
}

/** The highest number of loose bits of a residual is 14, a symbol costs 12 bits at most; both with the slack that wide stores need. */
const streamBytes = (bits: number, samples: number): number => Math.ceil((bits * samples) / 8) + 64;

/** The most a table of 2¹² slots takes, for all levels. */
const slotTableBytes = 4 * 4096;

/** Plans the memory of a tile; encoding needs symbols, and no tables. */
export const planTile = (width: number, height: number, bands: number): TileLayout => {
  const stride = 4 * (width + 2 * border);
  const planeBytes = stride * (height + 2 * border);
  const origin = border * stride + 4 * border;
  const samples = width * height;
  let end = 0;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const planes = take(planeBytes * bands + 16) + origin;
  const residuals = [take(planeBytes + 16) + origin, take(planeBytes + 16) + origin] as const;
  const state = take(stateBytes(referencesOf(Math.max(0, bands - 1))));
  const counts = take(4 * activityLevels * tokenCount);
  const slots = take(4 * activityLevels + activityLevels * slotTableBytes);
  const symbols = take(2 * samples);
  const loose = take(streamBytes(14, samples));
  const tokens = take(streamBytes(12, samples));
  const shape = { width, height, bands, stride, planeBytes };
  return { ...shape, planes, residuals, state, counts, slots, symbols, loose, tokens, end };
};

/** The memory in which one tile is coded, its planes all zero, and the kernels on it. */
export interface Workspace {
  readonly layout: TileLayout;
  readonly memory: WasmMemory;
  /** The kernel for the band at this place in the tile. */
  readonly kernel: (band: number) => TileKernel;
}

const openMemory = (bytes: number) => {
  const pages = Math.ceil(bytes / pageBytes);
  const memory = allocateMemory(pages);
  const kernels = new Map<number, TileKernel>();
  return { memory, kernels };
};

let kept: ReturnType<typeof openMemory> | null = null;

/**
 * A workspace for a tile. It is good until the next one is opened: memory is used again, because fresh pages cost as much as the coding.
 */
export const openWorkspace = (width: number, height: number, bands: number): Workspace => {
  const layout = planTile(width, height, bands);
  const isKept = kept !== null && kept.memory.buffer.byteLength >= layout.end;
  const room = kept !== null && isKept ? kept : openMemory(layout.end);
  kept = room.memory.buffer.byteLength <= keptBytes ? room : kept;
  if (isKept) new Uint8Array(room.memory.buffer, 0, layout.state).fill(0);
  return {
    layout,
    memory: room.memory,
    kernel: (band) => {
      const references = referencesOf(band);
      const key = references.full + references.older;
      const kernel = room.kernels.get(key) ?? openTileKernel(references, room.memory);
      room.kernels.set(key, kernel);
      return kernel;
    },
  };
};
