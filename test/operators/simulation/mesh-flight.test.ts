import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { alone, type EpochNotes, type Exchange } from "../../../operators/mesh/mesh.ts";
import type { EpochKeeper, MemberSnapshot } from "../../../operators/simulation/mesh-flight.ts";
import {
  simulate,
  type FlownSatellite,
  type SimulationPlan,
} from "../../../operators/simulation/simulation.ts";
import { shortMesh } from "./short-mesh.ts";
import type { RouterSnapshot } from "../../../operators/mesh/routing.ts";

interface Kept {
  readonly router: RouterSnapshot;
  readonly members: readonly MemberSnapshot[];
}

/** What the last shards that kept an epoch did so in, as bytes. */
class Kitchen {
  readonly shards = new Map<number, { readonly of: number; readonly data: Buffer[] }>();
  readonly begun: (number | null)[] = [];

  /** Those that all shards have kept. */
  get epochs(): readonly number[] {
    return [...this.shards].flatMap(([epoch, { of, data }]) => (data.length === of ? [epoch] : []));
  }

  keeper(of: number, due: () => boolean): EpochKeeper {
    const { shards, begun } = this;
    return {
      epochs: this.epochs,
      rejoins: null,
      read: async (epoch) => {
        const all = shards.get(epoch)?.data.map((data) => deserialize(data) as Kept) ?? [];
        const members = all.flatMap((kept) => kept.members);
        return {
          router: all[0]?.router as RouterSnapshot,
          members: (async function* () {
            yield* members;
          })(),
        };
      },
      begin: async (epoch) => void begun.push(epoch),
      refuse: () => expect.fail("all of it can be kept"),
      isDue: due,
      keep: async (epoch, { router, members }) => {
        const data = serialize({ router, members: [...members] });
        const kept = shards.get(epoch);
        const others = kept?.of === of && kept.data.length < of ? kept.data : [];
        shards.set(epoch, { of, data: [...others, data] });
      },
    };
  }
}

/** Shards of one process that hear each other. */
const together = (of: number): readonly Exchange[] => {
  if (of === 1) return [alone];
  const said = new Map<number, EpochNotes[]>();
  const waiting = new Map<number, (() => void)[]>();
  return Array.from({ length: of }, (_, index): Exchange => async (epoch, notes) => {
    const all = said.get(epoch) ?? [];
    said.set(epoch, all);
    all[index] = notes;
    const queue = waiting.get(epoch) ?? [];
    waiting.set(epoch, queue);
    if (Object.keys(all).length === of) for (const wake of queue) wake();
    else await new Promise<void>((resolve) => queue.push(resolve));
    return all;
  });
};

class Killed extends Error {}

/** Flies to the end, or until `killedAt` epochs are over; every shard keeps each `every` epochs. */
const flyAll = async (
  plan: SimulationPlan,
  of: number,
  kitchen: Kitchen | null,
  { every, killedAt }: { readonly every: number; readonly killedAt: number },
): Promise<readonly FlownSatellite[] | null> => {
  const exchanges = together(of);
  const shards = exchanges.map(async (exchange, index) => {
    const flown: FlownSatellite[] = [];
    let epochs = 0;
    const ports = {
      signal: new AbortController().signal,
      ...(kitchen === null ? {} : { keeper: kitchen.keeper(of, () => (epochs + 1) % every === 0) }),
      onEpoch() {
        epochs++;
        if (epochs > killedAt) throw new Killed();
      },
    };
    for await (const one of simulate(plan, { index, of, exchange }, ports)) flown.push(one);
    return flown;
  });
  const ended = await Promise.allSettled(shards);
  const failed = ended.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  for (const reason of failed) if (!(reason instanceof Killed)) throw reason;
  if (failed.length > 0) return null;
  const all = ended.flatMap((end) => (end.status === "fulfilled" ? end.value : []));
  return all.toSorted((a, b) => (a.ledger.satellite < b.ledger.satellite ? -1 : 1));
};

describe("a mesh that is flown", () => {
  const plan = shortMesh();
  let whole: readonly FlownSatellite[] | null = null;
  beforeAll(async () => {
    whole = await flyAll(plan, 1, null, { every: 1, killedAt: Infinity });
  });

  it("has something to lose: hand-overs, evictions, frames sent again, waits", () => {
    const ledgers = whole?.map(({ ledger }) => ledger) ?? [];
    const fates = new Set(ledgers.flatMap(({ products }) => products.map(({ fate }) => fate)));
    expect([...fates].toSorted()).toEqual(["delivered", "handed-over", "on-board", "store-full"]);
    expect(ledgers.some(({ contacts }) => contacts.some(({ resent }) => resent > 0))).toBe(true);
    expect(ledgers.some(({ body }) => (body?.waits.length ?? 0) > 0)).toBe(true);
  });

  it("killed at any epochs and gone on with, by other shards too, comes to the same bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            of: fc.integer({ min: 1, max: 3 }),
            every: fc.integer({ min: 1, max: 15 }),
            killedAt: fc.integer({ min: 0, max: 60 }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        fc.integer({ min: 1, max: 3 }),
        async (kills, of) => {
          const kitchen = new Kitchen();
          for (const kill of kills) {
            await flyAll(plan, kill.of, kitchen, kill);
          }
          const most = Math.max(-1, ...kitchen.epochs);
          kitchen.begun.length = 0;
          const flown = await flyAll(plan, of, kitchen, { every: 1000, killedAt: Infinity });
          expect(kitchen.begun).toEqual(Array.from({ length: of }, () => (most < 0 ? null : most)));
          expect(JSON.stringify(flown) === JSON.stringify(whole)).toBe(true);
        },
      ),
      { numRuns: 5, seed: 5 },
    );
  });
});
