import type { ByteReader, ByteWriter } from "../byte-cursor.ts";
import { activityLevels, biasBytes, biasContexts } from "./kernel/prediction.ts";
import { restoreVerdicts } from "./kernel/tile-kernel.ts";
import type { WasmMemory } from "./kernel/web-assembly.ts";
import type { Workspace } from "./kernel/workspace.ts";
import { tokenCount } from "./residual-token.ts";
import { startsOf } from "./symbol-frequencies.ts";
import { readTables, writeTables } from "./table-list.ts";

/** The arguments of a walk over band `band`, in the order of `walkParameters`; weights and biases begin anew. */
const beginWalk = ({ layout, memory }: Workspace, band: number, maxLevel: number): readonly number[] => {
  const { width, height, stride, planeBytes, planes, residuals, state, counts } = layout;
  const floats = new Float32Array(memory.buffer, state, (counts - state) / 4);
  floats.fill(0);
  // Each context begins with one error of nothing, so that the first real ones weigh less.
  for (let context = 0; context < biasContexts; context++) floats[(context * biasBytes) / 4 + 1] = 1;
  const plane = planes + band * planeBytes;
  const [own, before] = band % 2 === 0 ? residuals : [residuals[1], residuals[0]];
  return [width, height, maxLevel, plane, stride, planeBytes, own - plane, before - plane, state];
};

/** What lies below a plane counts as its last row, for the bands to come. */
const endWalk = ({ layout, memory }: Workspace, band: number): void => {
  const { height, stride, planeBytes, planes } = layout;
  const below = planes + band * planeBytes + height * stride - 8;
  new Uint8Array(memory.buffer).copyWithin(below, below - stride, below);
};

/** The levels of band `band`, without their border: row `y` is `width` floats from `y · stride / 4` on. */
const rowsOf = ({ layout, memory }: Workspace, band: number): Float32Array => {
  const { height, stride, planeBytes, planes } = layout;
  return new Float32Array(memory.buffer, planes + band * planeBytes, (height * stride) / 4 - 2);
};

/** Writes the levels of band `band`, those before it done. `levels`: whole numbers in `[0, maxLevel]`, `maxLevel` ≤ 65,535. */
export const encodeBand = (
  space: Workspace,
  band: number,
  levels: Uint16Array,
  maxLevel: number,
  out: ByteWriter,
): void => {
  const { width, height, stride, counts, symbols, loose, tokens, end } = space.layout;
  const { buffer } = space.memory;
  const rows = rowsOf(space, band);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, at = (y * stride) / 4; x < width; x++) rows[at++] = levels[i++]!;
  }
  const counted = new Uint32Array(buffer, counts, activityLevels * tokenCount).fill(0);
  const kernel = space.kernel(band);
  const looseBits = kernel.measure(...beginWalk(space, band, maxLevel), symbols, counts, loose);
  endWalk(space, band);

  const countsOf = (level: number) => counted.slice(level * tokenCount, (level + 1) * tokenCount);
  const tables = writeTables(
    Array.from({ length: activityLevels }, (_, level) => countsOf(level)),
    out,
  );
  // The counts have done their work: the steps of the coder take their place.
  let level = 0;
  for (const { end: levelsEnd, frequencies } of tables) {
    const starts = startsOf(frequencies);
    for (; level < levelsEnd; level++) {
      for (let token = 0; token < tokenCount; token++) {
        counted[level * tokenCount + token] = frequencies[token]! + starts[token]! * 65_536;
      }
    }
  }
  const from = kernel.pack(symbols, symbols + 2 * width * height, counts, end);
  if (from < tokens) throw new Error("the tokens of a band took more room than they can");
  out.block(new Uint8Array(buffer, from, end - from));
  out.block(new Uint8Array(buffer, loose, Math.ceil(looseBits / 8)));
};

/** Writes the tables of slots and gives each level its own. */
const placeTables = ({ layout, memory }: Workspace, input: ByteReader): void => {
  const addresses = new Uint32Array(memory.buffer, layout.slots, activityLevels);
  let at = layout.slots + 4 * activityLevels;
  let level = 0;
  for (const { end, frequencies } of readTables(activityLevels, input)) {
    const slots = new Uint32Array(memory.buffer, at, 4096);
    let slot = 0;
    for (let token = 0; token < tokenCount; token++) {
      const frequency = frequencies[token]!;
      for (let which = 0; which < frequency; which++) {
        slots[slot++] = token + (frequency - 1) * 2 ** 7 + which * 2 ** 19;
      }
    }
    for (; level < end; level++) addresses[level] = at;
    at += slots.byteLength;
  }
};

/** Puts a stream into place, zeros behind it. */
const placeStream = (memory: WasmMemory, at: number, end: number, bytes: Uint8Array): boolean => {
  if (bytes.length > end - at - 16) return false;
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
  new Uint8Array(memory.buffer, at + bytes.length, 16).fill(0);
  return true;
};

/**
 * Reads band `band`, those before it done. Gives its levels as `rowsOf` does.
 * Throws `SwathError("link")` for anything that `encodeBand` cannot have written.
 */
export const decodeBand = (
  space: Workspace,
  band: number,
  maxLevel: number,
  input: ByteReader,
): Float32Array => {
  const { slots, loose, tokens, end } = space.layout;
  placeTables(space, input);
  const tokenBytes = input.block("tokens");
  const looseBytes = input.block("loose bits");
  const other = (): Error => input.corrupt("streams that end with the last sample", "other ends");
  if (tokenBytes.length < 8) throw other();
  if (!placeStream(space.memory, tokens, end, tokenBytes)) throw other();
  if (!placeStream(space.memory, loose, tokens, looseBytes)) throw other();
  const verdict = space
    .kernel(band)
    .restore(
      ...beginWalk(space, band, maxLevel),
      slots,
      tokens,
      tokens + tokenBytes.length,
      loose,
      8 * looseBytes.length,
    );
  if (verdict === restoreVerdicts.dry) throw other();
  if (verdict !== restoreVerdicts.whole) {
    throw input.corrupt(`levels from 0 to ${maxLevel}`, `another at sample ${verdict}`);
  }
  endWalk(space, band);
  return rowsOf(space, band);
};
