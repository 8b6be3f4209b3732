import type { UpsetPlan } from "../../pipeline/mission/upset-plan.ts";
import type { WeightFlips } from "../../pipeline/detection/detector.ts";
import { upsetsIn, type Upset } from "./upset-arrivals.ts";
import type { RadiationExposure } from "./exposure.ts";
import type { SeedKey } from "../../pipeline/seeded.ts";
import { seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import { checkTime, costOf, reloadTime } from "../../pipeline/mission/protection-cost.ts";
import { exposedBits, settleWords, turnedBits } from "./word-memory.ts";

/** What was done to keep weights right. */
export interface Upkeep {
  /** Upsets that no longer count. */
  readonly corrected: number;
  readonly reloads: number;
  /** What looking at checksums and loading took. */
  readonly work: Seconds;
}

/** The weights as an acquisition finds them, and what was done since they were last used. */
export interface FoundWeights extends Upkeep {
  /** Of each copy; the same array as before where nothing changed. */
  readonly flips: readonly WeightFlips[];
  readonly upsets: number;
}

interface Tally {
  corrected: number;
  reloads: number;
  work: number;
}

/**
 * The memory that the onboard model's weights lie in, from the moment at which they are loaded. It is asked for whenever an
 * acquisition begins, in order of time; what falls in meanwhile shows at the next one. What is found depends on when it was
 * asked for before, which is the satellite's timeline, and on nothing else.
 */
export class ExposedWeights {
  readonly #exposure: RadiationExposure;
  readonly #plan: UpsetPlan;
  readonly #bits: number;
  readonly #key: readonly SeedKey[];
  readonly #loadedAt: Instant;
  #copies: readonly WeightFlips[];
  #usedAt: Instant;
  #checkedAt: Instant;
  constructor(
    exposure: RadiationExposure,
    plan: UpsetPlan,
    memory: { readonly bits: number; readonly key: readonly SeedKey[]; readonly loadedAt: Instant },
  ) {
    this.#exposure = exposure;
    this.#plan = plan;
    this.#bits = memory.bits;
    this.#key = memory.key;
    this.#loadedAt = memory.loadedAt;
    this.#usedAt = memory.loadedAt;
    this.#checkedAt = memory.loadedAt;
    this.#copies = Array.from({ length: costOf(plan.protection).copies }, () => []);
  }

  use(at: Instant): FoundWeights {
    const { factor, protection, scrubEvery } = this.#plan;
    const bits = exposedBits(this.#bits, protection);
    const fresh = this.#copies.map((_, copy) =>
      upsetsIn(this.#exposure, { key: [...this.#key, copy], bits, factor }, this.#usedAt, at),
    );
    const upsets = fresh.reduce((sum, { length }) => sum + length, 0);
    this.#usedAt = at;
    const tally = { corrected: 0, reloads: 0, work: 0 };
    if (protection === "ecc") this.#decode(fresh.flat(), tally);
    else this.#add(fresh.map((copy) => copy.map(({ bit }) => bit)));
    if (protection === "vote") this.#compare(tally);
    if (protection === "scrub" && at - this.#checkedAt >= scrubEvery) {
      this.#checkedAt = at;
      tally.work += checkTime(this.#bits);
      if (this.#copies.some(({ length }) => length > 0)) this.#reload([0], tally);
    }
    return { flips: this.#copies, upsets, ...tally, work: seconds(tally.work) };
  }

  /**
   * Copies are compared bit by bit before they are used; where they differ all are loaded anew, since nobody knows which is right. What
   * the model puts out would not tell: two copies that are broken in different ways often agree that there is nothing to see.
   */
  #compare(tally: Tally): void {
    tally.work += this.#copies.length * checkTime(this.#bits);
    const [first = [], ...others] = this.#copies;
    const isAlike = others.every(
      (copy) => copy.length === first.length && copy.every((bit, i) => bit === first[i]),
    );
    if (!isAlike) this.#reload([...this.#copies.keys()], tally);
  }

  /** A scrubber in the memory's controller passes each word once a period; reading the weights does the same. */
  #decode(fresh: readonly Upset[], tally: Tally): void {
    const passes = new Map<number, number[]>();
    for (const { at, bit } of fresh) {
      const pass = Math.floor((at - this.#loadedAt) / this.#plan.scrubEvery);
      const turned = passes.get(pass);
      if (turned === undefined) passes.set(pass, [bit]);
      else turned.push(bit);
    }
    const settled = [...passes.values()].map((pass) => settleWords(pass, this.#bits));
    this.#add([settled.flatMap(({ left }) => left)]);
    tally.corrected += settled.reduce((sum, { corrected }) => sum + corrected, 0);
    if (settled.some(({ detected }) => detected > 0)) this.#reload([0], tally);
  }

  #add(flips: readonly (readonly number[])[]): void {
    this.#copies = this.#copies.map((before, copy) => {
      const more = flips[copy] ?? [];
      return more.length === 0 ? before : turnedBits([...before, ...more]);
    });
  }

  #reload(copies: readonly number[], tally: Tally): void {
    for (const copy of copies) tally.corrected += this.#copies[copy]?.length ?? 0;
    tally.reloads += copies.length;
    tally.work += copies.length * reloadTime(this.#bits);
    this.#copies = this.#copies.map((before, copy) => (copies.includes(copy) ? [] : before));
  }
}
