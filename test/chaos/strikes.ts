import { setTimeout as sleep } from "node:timers/promises";
import { seeded, type Seeded } from "../../pipeline/seeded.ts";
import type { Fault, Targets } from "./faults.ts";

/** A fault that is to strike, and what is drawn for it. */
export interface Strike {
  readonly fault: Fault;
  /** After the one before it on the same striker, ms. */
  readonly restMs: number;
  readonly random: Seeded;
}

/** The faults of a storm in their order: the same for a seed, on every machine that has the same kinds. */
export const planStorm = (
  seed: number,
  kinds: readonly Fault[],
  count: number,
  targets: Pick<Targets, "network" | "isCopied">,
): readonly Strike[] => {
  const random = seeded("storm", seed);
  const usable = kinds.filter(({ whyNot }) => whyNot === undefined || whyNot(targets) === null);
  return Array.from({ length: count }, (_, i) => {
    const own = random.split(i);
    const fault = usable[own.integer(usable.length)] as Fault;
    return { fault, restMs: 50 + own.integer(500), random: own.split("strike") };
  });
};

/** What a stranger whose own connection was struck says: what it could not do, it leaves. */
const isOwnTrouble = (error: unknown): boolean =>
  /timeout|closed|connection|responders|not found|unavailable|leader|disconnect|no suitable|not copied yet/i.test(
    String(error),
  );

/** Strikes with everything of a plan, up to `atOnce` at a time, until `over` aborts. */
export const strikeAll = (
  plan: readonly Strike[],
  targets: Targets,
  atOnce: number,
  over: AbortSignal,
): { readonly struck: ReadonlyMap<string, number>; readonly done: Promise<void> } => {
  const struck = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let next = 0;
  let alone: Promise<void> = Promise.resolve();

  const strike = async ({ fault, random }: Strike): Promise<void> => {
    try {
      await fault.strike(targets, random);
      struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1);
    } catch (error) {
      if (!isOwnTrouble(error)) throw error;
    }
  };
  const striker = async (): Promise<void> => {
    for (let one = plan[next++]; one !== undefined; one = plan[next++]) {
      await sleep(one.restMs);
      // Another one may have begun in the very moment that the last ended.
      for (let seen: unknown = null; seen !== alone; await alone) seen = alone;
      if (over.aborted) return;
      const others = [...underWay];
      const work = one.fault.isAlone === true ? Promise.all(others).then(() => strike(one)) : strike(one);
      underWay.add(work);
      if (one.fault.isAlone === true) alone = work;
      await work.finally(() => underWay.delete(work));
    }
  };
  const done = Promise.all(Array.from({ length: atOnce }, striker)).then(() => undefined);
  // Whoever waits for it hears of what went wrong; nobody may be waiting yet.
  done.catch(() => undefined);
  return { struck, done };
};
