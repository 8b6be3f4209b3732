/**
 * How long looks take to plan, and how far the plans are from the best: 200 orders, 12 satellites, 24 hours, and 50 small cases against
 * the mixed-integer solver HiGHS.
 *
 *   npm run bench:looks            # the cases against the golden optima
 *   npm run bench:looks -- --solve # solves them anew: minutes
 *
 * One thread. A replan from nothing is orbits, opportunities and plan; one with orders that are known already is the plan alone. Medians, with
 * processor time beside them for machines with other work.
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import { seconds } from "../../pipeline/units.ts";
import { opportunitiesOf } from "../../planning/looks/opportunity.ts";
import { planLooks } from "../../planning/looks/look-plan.ts";
import { camera, drawCase, smallCases, type CaseShape } from "../planning/looks/look-case.ts";
import { optimumOf } from "../planning/looks/look-optimum.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { walkerEpoch } from "../../planning/orbits/walker.ts";
import { later } from "../../pipeline/units.ts";
import { reportFigures } from "./figures.ts";

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Measured {
  readonly wall: number[];
  readonly cpu: number[];
}

const measure = <T>(into: Measured, work: () => T): T => {
  const [begin, cpuBegin] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpuBegin);
  into.wall.push(performance.now() - begin);
  into.cpu.push((user + system) / 1000);
  return result;
};

const shown = ({ wall, cpu }: Measured): string =>
  `${median(wall).toFixed(1).padStart(7)} ms, ${median(cpu).toFixed(1).padStart(6)} ms of processor`;

const day = seconds(86_400);
const shape: CaseShape = {
  seed: 1,
  constellation: "walker:12/3/1@550km,97.6deg",
  orders: 200,
  hours: 24,
  regions: 0,
  duty: 600,
  storeLooks: 640,
  isLanding: false,
};
const orbits = await resolveConstellation(shape.constellation, () => Promise.reject(new Error("no file")), {
  epoch: walkerEpoch,
});

for (const [title, regions] of [
  ["all over", 0],
  ["in ten regions", 10],
] as const) {
  const { requests, satellites } = await drawCase({ ...shape, regions });
  const [found, planned]: readonly [Measured, Measured] = [
    { wall: [], cpu: [] },
    { wall: [], cpu: [] },
  ];
  let looks = 0;
  for (let run = 0; run < 25; run++) {
    measure(found, () => {
      const flown = orbits.map((orbit) => ({
        satellite: orbit.id,
        ephemeris: ephemerisOf(orbit, walkerEpoch, later(walkerEpoch, day)),
      }));
      for (const { area, deadline } of requests) {
        for (const orbit of flown)
          opportunitiesOf(orbit, { area, camera, maxOffNadir: null, from: walkerEpoch, to: deadline });
      }
    });
    looks = measure(planned, () => planLooks(requests, satellites)).looks.length;
  }
  const count = requests.reduce((sum, { opportunities }) => sum + opportunities.length, 0);
  console.log(`200 orders ${title}, 12 satellites, 24 h: ${count} opportunities, ${looks} looks`);
  console.log(`  orbits and opportunities  ${shown(found)}`);
  console.log(`  plan                      ${shown(planned)}`);
  reportFigures([
    {
      what: `200 looks ${title}, 12 satellites × 24 h, planned anew with their opportunities`,
      value: median(found.cpu) + median(planned.cpu),
      unit: "ms of processor",
      bar: { most: 50 },
    },
  ]);
}

const optima = JSON.parse(
  readFileSync(new URL("../../../test/golden/orbit/look-optima.json", import.meta.url), "utf8"),
) as Readonly<Record<string, number>>;
const isSolving = process.argv.includes("--solve");
const shares: number[] = [];
for (const small of smallCases) {
  const one = await drawCase(small);
  const { value } = planLooks(one.requests, one.satellites);
  const best = isSolving ? (await optimumOf(one)).value : (optima[small.seed] as number);
  if (best > 0) shares.push(value / best);
}
const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
console.log(`${shares.filter((share) => share > 0.9999).length} of these at the optimum`);
reportFigures([
  {
    what: `value of greedy plans, ${shares.length} small cases`,
    value: 100 * mean,
    unit: "% of HiGHS' optimum",
    bar: { least: 90 },
  },
  { what: "the worst of them", value: 100 * Math.min(...shares), unit: "% of HiGHS' optimum" },
]);
