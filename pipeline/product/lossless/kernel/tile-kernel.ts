/**
 * The routines of the lossless codec that touch every sample, as a WebAssembly module that is assembled here, in a few milliseconds, for
 * each number of bands before (docs/formats.md, "Lossless tile, version 2").
 */
import { answer, f32, i32, i64, select, sequence, type Statement, when, repeatWhile } from "./instruction.ts";
import { moduleBytes, routine } from "./module.ts";
import { type References, walkBand, walkParameters } from "./prediction.ts";
import { compileModule, exportsOf, type WasmMemory, type WasmModule } from "./web-assembly.ts";
import { tokenCount } from "../residual-token.ts";
import { frequencyBits } from "../symbol-frequencies.ts";

const k = i32.const;
/** States of the entropy coder stay in [2¹⁶, 2³²); they shift by 16 bits. */
const lowestState = 1 << 16;

/**
 * Walks a band whose levels are in place. Writes for each sample its symbol (activity · `tokenCount` + token, 16 bits), counts the
 * symbols (32 bits each), and writes the loose bits. Answers how many bits these are.
 */
const measureRoutine = (references: References) =>
  routine("measure", [...walkParameters, "symbols", "counts", "loose"], (given, declare) => {
    const [symbolAt, looseAt, countAt] = [declare("i32"), declare("i32"), declare("i32")];
    const [pending, pendingBits] = [declare("i64"), declare("i32")];
    const [exponent, symbol] = [declare("i32"), declare("i32")];
    const walk = walkBand(given, references, declare, ({ activity, prediction, sample }, level, residual) => [
      level.set(f32.load(sample)),
      residual.set(i32.truncate(f32.sub(level.get, prediction.get))),
      residual.set(i32.xor(i32.shl(residual.get, k(1)), i32.shrSigned(residual.get, k(31)))),
      exponent.set(i32.sub(k(31), i32.clz(residual.get))),
      // Below 16 a token of its own without loose bits: as if the exponent were 2, and so many bits 0.
      exponent.set(select(k(2), exponent.get, i32.ltUnsigned(residual.get, k(16)))),
      symbol.set(
        select(
          residual.get,
          i32.add(
            i32.shl(exponent.get, k(2)),
            i32.and(i32.shrUnsigned(residual.get, i32.sub(exponent.get, k(2))), k(3)),
          ),
          i32.ltUnsigned(residual.get, k(16)),
        ),
      ),
      symbol.set(i32.add(i32.mul(activity.get, k(tokenCount)), symbol.get)),
      i32.storeHalf(symbolAt.get, symbol.get),
      symbolAt.add(k(2)),
      countAt.set(i32.add(given.counts.get, i32.shl(symbol.get, k(2)))),
      i32.store(countAt.get, i32.add(i32.load(countAt.get), k(1))),
      exponent.add(k(-2)),
      pending.set(
        i64.or(
          pending.get,
          i64.shl(
            i64.extend(i32.and(residual.get, i32.sub(i32.shl(k(1), exponent.get), k(1)))),
            i64.extend(pendingBits.get),
          ),
        ),
      ),
      pendingBits.add(exponent.get),
      i64.store(looseAt.get, pending.get),
      looseAt.add(i32.shrUnsigned(pendingBits.get, k(3))),
      pending.set(i64.shrUnsigned(pending.get, i64.extend(i32.and(pendingBits.get, k(-8))))),
      pendingBits.set(i32.and(pendingBits.get, k(7))),
    ]);
    return [
      symbolAt.set(given.symbols.get),
      looseAt.set(given.loose.get),
      ...walk,
      answer(i32.add(i32.shl(i32.sub(looseAt.get, given.loose.get), k(3)), pendingBits.get)),
    ];
  });

/**
 * Range asymmetric numeral systems (Duda 2013) over two states that take turns. Takes the symbols from `symbols` to `symbolsEnd`, last
 * to first, and writes downwards from `end`; `steps` has for each symbol its frequency and, 16 bits up, where its slots begin.
 * Answers where the bytes begin.
 */
const packRoutine = routine("pack", ["symbols", "symbolsEnd", "steps", "end"], (given, declare) => {
  const [state, other, next, out] = [declare("i32"), declare("i32"), declare("i32"), declare("i32")];
  const [step, frequency, spills] = [declare("i32"), declare("i32"), declare("i32")];
  const at = given.symbolsEnd;
  const flush = (from: Readonly<typeof state>): Statement =>
    sequence(out.add(k(-4)), i32.store(out.get, from.get));
  return [
    state.set(k(lowestState)),
    other.set(k(lowestState)),
    out.set(given.end.get),
    repeatWhile(
      i32.gtUnsigned(at.get, given.symbols.get),
      at.add(k(-2)),
      step.set(i32.load(i32.add(given.steps.get, i32.shl(i32.loadHalf(at.get), k(2))))),
      frequency.set(i32.and(step.get, k(0xffff))),
      spills.set(i32.geUnsigned(i32.shrUnsigned(state.get, k(32 - frequencyBits)), frequency.get)),
      i32.storeHalf(i32.sub(out.get, k(2)), state.get),
      out.set(i32.sub(out.get, i32.shl(spills.get, k(1)))),
      state.set(i32.shrUnsigned(state.get, i32.shl(spills.get, k(4)))),
      next.set(i32.divUnsigned(state.get, frequency.get)),
      next.set(
        i32.add(
          i32.add(i32.shl(next.get, k(frequencyBits)), i32.sub(state.get, i32.mul(next.get, frequency.get))),
          i32.shrUnsigned(step.get, k(16)),
        ),
      ),
      state.set(other.get),
      other.set(next.get),
    ),
    // The state of the next sample to be read, the first of all, was set last.
    flush(state),
    flush(other),
    answer(out.get),
  ];
});

/** What `restore` answers where all is well, and where a stream ends early; else it answers at which sample a level is out of range. */
export const restoreVerdicts = { whole: -1, dry: -2 } as const;

/**
 * Walks a band and puts its levels into place. `slots` has for each activity the address of its table; a table has for each of 2¹²
 * slots the token (7 bits), its frequency less one (12), and which of the token's slots it is (12). `tokens` must have the two states in
 * front.
 */
const restoreRoutine = (references: References) =>
  routine(
    "restore",
    [...walkParameters, "slots", "tokens", "tokensEnd", "loose", "looseEnd"],
    (given, declare) => {
      const [state, other, slot, next] = [declare("i32"), declare("i32"), declare("i32"), declare("i32")];
      const [at, token, exponent, loosePosition, done] = [
        declare("i32"),
        declare("i32"),
        declare("i32"),
        declare("i32"),
        declare("i32"),
      ];
      const isLow = declare("i32");
      const walk = walkBand(
        given,
        references,
        declare,
        ({ activity, prediction, sample }, level, residual) => [
          slot.set(
            i32.load(
              i32.add(
                i32.load(i32.add(given.slots.get, i32.shl(activity.get, k(2)))),
                i32.shl(i32.and(state.get, k((1 << frequencyBits) - 1)), k(2)),
              ),
            ),
          ),
          token.set(i32.and(slot.get, k(127))),
          next.set(
            i32.add(
              i32.mul(
                i32.add(i32.and(i32.shrUnsigned(slot.get, k(7)), k(0xfff)), k(1)),
                i32.shrUnsigned(state.get, k(frequencyBits)),
              ),
              i32.shrUnsigned(slot.get, k(19)),
            ),
          ),
          isLow.set(i32.ltUnsigned(next.get, k(lowestState))),
          next.set(select(i32.or(i32.shl(next.get, k(16)), i32.loadHalf(at.get)), next.get, isLow.get)),
          at.add(i32.shl(isLow.get, k(1))),
          state.set(other.get),
          other.set(next.get),
          exponent.set(
            select(
              i32.const(0),
              i32.sub(i32.shrUnsigned(token.get, k(2)), k(2)),
              i32.ltUnsigned(token.get, k(16)),
            ),
          ),
          residual.set(
            i32.add(
              select(
                token.get,
                i32.shl(i32.add(i32.and(token.get, k(3)), k(4)), exponent.get),
                i32.ltUnsigned(token.get, k(16)),
              ),
              i32.and(
                i32.shrUnsigned(
                  i32.load(i32.add(given.loose.get, i32.shrUnsigned(loosePosition.get, k(3)))),
                  i32.and(loosePosition.get, k(7)),
                ),
                i32.sub(i32.shl(k(1), exponent.get), k(1)),
              ),
            ),
          ),
          loosePosition.add(exponent.get),
          when(
            i32.or(
              i32.gtUnsigned(at.get, given.tokensEnd.get),
              i32.gtUnsigned(loosePosition.get, given.looseEnd.get),
            ),
            answer(k(restoreVerdicts.dry)),
          ),
          level.set(
            f32.add(
              prediction.get,
              f32.ofInteger(
                i32.xor(i32.shrUnsigned(residual.get, k(1)), i32.sub(k(0), i32.and(residual.get, k(1)))),
              ),
            ),
          ),
          when(
            i32.or(f32.gt(f32.const(0), level.get), f32.gt(level.get, f32.ofInteger(given.maxLevel.get))),
            answer(done.get),
          ),
          f32.store(sample, level.get),
          done.add(k(1)),
        ],
      );
      const atEnd = i32.isZero(
        i32.or(
          i32.or(i32.xor(state.get, k(lowestState)), i32.xor(other.get, k(lowestState))),
          i32.xor(at.get, given.tokensEnd.get),
        ),
      );
      return [
        other.set(i32.load(given.tokens.get, 4)),
        state.set(i32.load(given.tokens.get)),
        at.set(i32.add(given.tokens.get, k(8))),
        ...walk,
        when(atEnd, answer(k(restoreVerdicts.whole))),
        answer(k(restoreVerdicts.dry)),
      ];
    },
  );

/** The routines for the bands of one position in a tile, over a memory. Addresses in bytes; the order of the parameters is above. */
export interface TileKernel {
  readonly measure: (...parameters: readonly number[]) => number;
  readonly pack: (symbols: number, symbolsEnd: number, steps: number, end: number) => number;
  readonly restore: (...parameters: readonly number[]) => number;
}

const modules = new Map<string, WasmModule>();

/** The kernel for bands with these references, working on `memory`. */
export const openTileKernel = (references: References, memory: WasmMemory): TileKernel => {
  const key = `${references.full} ${references.older}`;
  const routines = [measureRoutine(references), packRoutine, restoreRoutine(references)];
  const module = modules.get(key) ?? compileModule(moduleBytes(routines));
  modules.set(key, module);
  return exportsOf(module, memory) as TileKernel;
};
