import { parseArgs } from "node:util";
import { startCluster } from "../chaos/cluster.ts";
import { flyReference } from "../chaos/mission.ts";
import { weather, type Weathered } from "../chaos/storm.ts";

/**
 * Storms over a real cluster: a mission in five processes on three servers, while processes, servers and lines fail and a stranger meddles; what
 * comes out must be what one process gives without any. `npm run bench:chaos -- --minutes 30`, or `--seed 7` to see one storm again.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string" },
    faults: { type: "string", default: "40" },
    wait: { type: "string", default: "180" },
  },
});

const mission = await flyReference(11);
const end = Date.now() + 60_000 * Number(values.minutes);
const storms: Weathered[] = [];
for (let seed = Number(values.seed ?? 1); ; seed++) {
  await using cluster = await startCluster();
  const storm = await weather(mission, cluster, {
    seed,
    mostFaults: Number(values.faults),
    patienceMs: 1000 * Number(values.wait),
  });
  storms.push(storm);
  const count = [...storm.struck.values()].reduce((sum, one) => sum + one, 0);
  console.log(`storm ${seed}: ${count} faults in ${storm.seconds.toFixed(0)} s: ${storm.end} ${storm.words}`);
  if (values.seed !== undefined || Date.now() > end) break;
}

const kinds = new Map<string, number>();
for (const { struck } of storms) {
  for (const [kind, count] of struck) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
}
const total = [...kinds.values()].reduce((sum, one) => sum + one, 0);
const seedsOf = (end: Weathered["end"]): readonly number[] =>
  storms.filter((storm) => storm.end === end).map(({ seed }) => seed);
console.log("");
for (const [kind, count] of [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${kind.padEnd(20)}${String(count).padStart(6)}`);
console.log(`${"all".padEnd(20)}${String(total).padStart(6)}`);
for (const end of ["same", "gave up", "differs", "hangs"] as const) {
  const seeds = seedsOf(end);
  const which = end === "same" || seeds.length === 0 ? "" : ` (--seed ${seeds.join(", ")})`;
  console.log(`${end.padEnd(20)}${String(seeds.length).padStart(6)} of ${storms.length} storms${which}`);
}
console.log("bar: 1,000 faults, none differs, none hangs");
process.exitCode = seedsOf("differs").length + seedsOf("hangs").length === 0 ? 0 : 1;
