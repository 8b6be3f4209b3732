import { expect, it } from "vitest";
import { failedRecord } from "../../../operators/flight/failed-record.ts";
import { InFairShares, type QueueRules } from "../../../operators/flight/timeline.ts";
import type { AcquisitionRecord } from "../../../pipeline/mission/ledger.ts";
import type { Acquisition } from "../../../pipeline/orbit/acquisition.ts";
import { instant, seconds } from "../../../pipeline/units.ts";
import { planOf } from "../../mission-fixture.ts";

const { spacecraft } = planOf([]);
const acquisition = (index: number, at = 0): Acquisition => ({
  index,
  satellite: "sat",
  scene: `scene-${index}`,
  at: instant(at),
});
/** Even numbers are of `lean`, odd ones of `wide`, whose images are a hundred times as large. */
const ownerOf = (index: number): string => (index % 2 === 0 ? "lean" : "wide");
const rules: QueueRules = {
  weights: new Map(),
  wantedBy: ({ index }) => [ownerOf(index)],
  ownersOf: (index) => [ownerOf(index)],
  priorityOf: () => 5,
};
/** Ten seconds of the computer, which took longer where power held it up. */
const recordOf = ({ index }: Acquisition, at: number, isHeldUp: boolean): AcquisitionRecord => ({
  ...failedRecord(index, instant(at), ""),
  samples: ownerOf(index) === "wide" ? 2e10 : 2e8,
  computeSeconds: seconds(10),
  startedAt: instant(at),
  readyAt: instant(at + (isHeldUp ? 40 : 10)),
});

it("shares the computer's time, and energy as long as power holds it up", () => {
  const takenOf = (isHeldUp: boolean): Record<string, number> => {
    const list = Array.from({ length: 400 }, (_, n) => acquisition(n));
    const timeline = new InFairShares(rules, spacecraft, list);
    const taken: Record<string, number> = { lean: 0, wide: 0 };
    for (let t = 0; t < 100; t++) {
      const one = timeline.take(40 * t);
      taken[ownerOf(one.index)] = (taken[ownerOf(one.index)] ?? 0) + 1;
      timeline.done(one, recordOf(one, 40 * t, isHeldUp));
    }
    return taken;
  };
  expect(takenOf(false)).toEqual({ lean: 50, wide: 50 });
  const { lean = 0, wide = 0 } = takenOf(true);
  const joulesOf = (samples: number): number =>
    (samples / 1e6) * spacecraft.camera.energyPerMegasample +
    10 * (spacecraft.computer.power - spacecraft.computer.idlePower);
  expect(lean / wide).toBeGreaterThan(1.5);
  expect(Math.abs(lean * joulesOf(2e8) - wide * joulesOf(2e10))).toBeLessThan(2 * joulesOf(2e10));
});

it("takes the more urgent of what waits first, and what comes first of what is as urgent", () => {
  const list = [acquisition(0), acquisition(2, 1), acquisition(4, 2), acquisition(6, 3)];
  const urgent: QueueRules = { ...rules, priorityOf: ({ index }) => (index === 4 ? 1 : 5) };
  const timeline = new InFairShares(urgent, spacecraft, list);
  const order = [0, 10, 20, 30].map((at) => {
    const one = timeline.take(at);
    timeline.done(one, recordOf(one, at, false));
    return one.index;
  });
  // The first is alone when it is taken.
  expect(order).toEqual([0, 4, 2, 6]);
});
