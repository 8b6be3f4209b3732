import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import { instant, seconds, type Instant } from "../../../pipeline/units.ts";
import { KnownProgress } from "../../../stations/centre/known-progress.ts";

const satellites = ["a", "b", "c"] as const;

const contactOf = (n: number, satellite: string, aos: number, length: number): Contact => ({
  id: `c${n}`,
  satellite,
  station: "station",
  antenna: 0,
  aos: instant(aos),
  lockedAt: instant(aos + 1),
  los: instant(aos + length),
  backhaul: seconds(0),
  maxElevation: 1 as Contact["maxElevation"],
  samples: [],
});

const mission = fc
  .array(
    fc.record({
      satellite: fc.constantFrom(...satellites),
      aos: fc.integer({ min: 0, max: 500 }),
      length: fc.integer({ min: 2, max: 50 }),
    }),
    { maxLength: 12 },
  )
  .map((drawn) => drawn.map(({ satellite, aos, length }, n) => contactOf(n, satellite, aos, length)));

describe("what the mission centre knows", () => {
  test("is never more than every satellite has said, and all of it in the end, in whatever order they speak", () => {
    fc.assert(
      fc.property(mission, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (contacts, turns) => {
        const [from, to] = [instant(0), instant(1000)];
        const progress = new KnownProgress({ satellites, contacts: { from, to, contacts } });
        const left = new Map(
          satellites.map((satellite) => [
            satellite,
            contacts
              .filter((one) => one.satellite === satellite)
              .flatMap(({ lockedAt, los }) => [lockedAt, los])
              .toSorted((a, b) => a - b),
          ]),
        );
        const said = new Map<string, Instant>();
        const check = (): void => {
          const { knownTo } = progress;
          for (const { satellite, aos, los } of contacts) {
            // Whatever lies ahead in a contact is not known.
            const reached = said.get(satellite) ?? -Infinity;
            if (los > reached) expect(knownTo).toBeLessThanOrEqual(Math.max(aos, reached));
          }
        };
        check();
        for (const turn of turns) {
          const speaking = satellites.filter((one) => (left.get(one)?.length ?? 0) > 0);
          const satellite = speaking[turn % Math.max(1, speaking.length)];
          const at = satellite === undefined ? undefined : left.get(satellite)?.shift();
          if (satellite === undefined || at === undefined) break;
          said.set(satellite, at);
          progress.through(satellite, at);
          check();
        }
        if ([...left.values()].every(({ length }) => length === 0)) expect(progress.knownTo).toBe(Infinity);
      }),
      { numRuns: 200 },
    );
  });

  test("stays behind a satellite that has said nothing", () => {
    const contacts = [contactOf(0, "a", 10, 20), contactOf(1, "b", 15, 20)];
    const progress = new KnownProgress({
      satellites: ["a", "b"],
      contacts: { from: instant(0), to: instant(100), contacts },
    });
    progress.through("b", instant(35));
    expect(progress.knownTo).toBe(10);
    progress.through("a", instant(11));
    expect(progress.knownTo).toBe(11);
    progress.through("a", instant(30));
    expect(progress.knownTo).toBe(Infinity);
  });
});
