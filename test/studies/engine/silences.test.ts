import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../pipeline/units.ts";
import { keepSilences } from "../../../studies/engine/silences.ts";
import "../../property-seed.ts";

/** Silences with a clock of the test's, ms. */
const withClock = (wait: number) => {
  const told: string[] = [];
  let now = 1_000_000;
  const silences = keepSilences(
    seconds(wait),
    (text) => told.push(text),
    () => now,
  );
  return { silences, told, pass: (ms: number) => void (now += ms), now: () => now };
};

const silentFor = (what: string, since: number) => ({ what, since });

describe("silences", () => {
  it("are told of once, together where they are alike, with since when, and their end as well", () => {
    const { silences, told, pass, now } = withClock(60);
    const began = now();
    silences.update("satellite W01", silentFor("not started", began));
    silences.update("station Troll", silentFor("not started", began));
    silences.update("NATS at h:4222", silentFor("no connection", began));
    expect([silences.check(), told]).toEqual([null, []]);
    pass(5_000);
    expect(silences.check()).toBeNull();
    expect(silences.check()).toBeNull();
    expect(told).toEqual([
      expect.stringMatching(
        /^satellite W01, station Troll: not started since \d\d:\d\d:\d\d UTC; it ends after 60 s of that \(--wait\)$/,
      ),
      expect.stringMatching(/^NATS at h:4222: no connection since \d\d:\d\d:\d\d UTC/),
    ]);
    silences.update("station Troll", null);
    expect(told.at(-1)).toBe("station Troll: heard of");
  });

  it("of many name some and count the others", () => {
    const { silences, told, pass, now } = withClock(60);
    for (let i = 0; i < 40; i++) silences.update(`satellite W${i}`, silentFor("nothing heard", now()));
    pass(6_000);
    silences.check();
    expect(told).toEqual([
      expect.stringMatching(/^satellite W0, .*satellite W5 and 34 more: nothing heard since/),
    ]);
  });

  it("shorter than a moment are nobody's concern", () => {
    const { silences, told, pass, now } = withClock(60);
    silences.update("satellite W01", silentFor("nothing heard", now()));
    pass(4_900);
    silences.check();
    silences.update("satellite W01", null);
    expect(told).toEqual([]);
  });

  it("law: they are over exactly when one has lasted for the whole wait", () => {
    const steps = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 20_000 }), isHeard: fc.boolean() }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (all, wait) => {
        const { silences, pass, now } = withClock(wait);
        let since: number | null = null;
        for (const { ms, isHeard } of all) {
          pass(ms);
          if (isHeard) since = null;
          else since ??= now();
          silences.update("node", since === null ? null : silentFor("nothing heard", since));
          expect(silences.check() !== null).toBe(since !== null && now() - since >= wait * 1000);
        }
      }),
    );
  });
});
