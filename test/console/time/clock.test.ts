import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advance,
  goLive,
  moveTo,
  stepSpeed,
  togglePlay,
  type Clock,
  type Extent,
} from "../../../console/time/clock.ts";
import { ticksOf, timeAt, windowAround, xOf } from "../../../console/time/time-axis.ts";
import { instant } from "../../../pipeline/units.ts";

const from = 1_767_225_600;
const extent = (head: number): Extent => ({
  from: instant(from),
  to: instant(from + 86_400),
  head: instant(head),
});
const at = (t: number, more: Partial<Clock> = {}): Clock => ({
  t: instant(t),
  playing: true,
  speed: 60,
  live: false,
  ...more,
});

describe("the clock", () => {
  it("goes as fast as it is told and stops at the end of a finished run", () => {
    const whole = extent(from + 86_400);
    expect(advance(at(from), whole, 2).t).toBe(from + 120);
    const ended = advance(at(from + 86_390), whole, 2);
    expect(ended).toMatchObject({ t: from + 86_400, playing: false, live: false });
  });

  it("becomes live where it comes up to the head of a run at work, and goes with the head from then on", () => {
    const caught = advance(at(from + 990), extent(from + 1000), 1);
    expect(caught).toMatchObject({ t: from + 1000, live: true, playing: true });
    expect(advance(caught, extent(from + 1003), 0.1).t).toBe(from + 1003);
  });

  it("leaves the head when it is moved, and comes back when asked", () => {
    const live = goLive(at(from), extent(from + 1000));
    const moved = moveTo(live, extent(from + 1000), from + 500);
    expect(moved).toMatchObject({ t: from + 500, live: false });
    expect(goLive(moved, extent(from + 1000))).toMatchObject({ t: from + 1000, live: true });
  });

  it("begins again when it is played at the end", () => {
    const whole = extent(from + 86_400);
    expect(togglePlay(at(from + 86_400, { playing: false }), whole)).toMatchObject({
      t: from,
      playing: true,
    });
  });

  it("never leaves the run and never passes the head", () => {
    const step = fc.oneof(
      fc
        .double({ min: 0, max: 1e5, noNaN: true })
        .map((dt) => (clock: Clock, e: Extent) => advance(clock, e, dt)),
      fc
        .double({ min: -1e6, max: 1e6, noNaN: true })
        .map((dt) => (clock: Clock, e: Extent) => moveTo(clock, e, clock.t + dt)),
      fc.constant((clock: Clock, e: Extent) => togglePlay(clock, e)),
      fc.constant((clock: Clock, e: Extent) => goLive(clock, e)),
      fc.constantFrom(1 as const, -1 as const).map((by) => (clock: Clock) => stepSpeed(clock, by)),
    );
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 0, max: 86_400 }), (steps, head) => {
        const bounds = extent(from + head);
        let clock = at(from);
        for (const one of steps) {
          clock = one(clock, bounds);
          expect(clock.t).toBeGreaterThanOrEqual(from);
          expect(clock.t).toBeLessThanOrEqual(bounds.head);
        }
      }),
    );
  });
});

describe("the time axis", () => {
  it("leads from time to pixel and back", () => {
    const scale = { from: instant(from), to: instant(from + 3600), x: 96, width: 1080 };
    expect(timeAt(scale, xOf(scale, from + 1234))).toBeCloseTo(from + 1234, 3);
  });

  it("has ticks on whole steps that are far enough apart", () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 4_000_000 }), (span) => {
        const scale = { from: instant(from + 17), to: instant(from + 17 + span), x: 0, width: 1000 };
        const ticks = ticksOf(scale, 80);
        for (const [i, { t }] of ticks.entries()) {
          const next = ticks[i + 1];
          if (next !== undefined) expect(xOf(scale, next.t) - xOf(scale, t)).toBeGreaterThanOrEqual(79.9);
        }
        expect(ticks.length).toBeGreaterThan(0);
      }),
    );
  });

  it("keeps now at 58 % of the window, but for the ends of the run", () => {
    expect(windowAround(from + 40_000, 10_000, from, from + 86_400)).toEqual({
      from: from + 34_200,
      to: from + 44_200,
    });
    expect(windowAround(from + 100, 10_000, from, from + 86_400)).toEqual({ from, to: from + 10_000 });
    expect(windowAround(from, 1e9, from, from + 86_400)).toEqual({ from, to: from + 86_400 });
  });
});
