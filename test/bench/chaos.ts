import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { faults } from "../chaos/faults.ts";
import { openLines } from "../chaos/lines.ts";
import { flyReference } from "../chaos/mission.ts";
import {
  continueInOwnNamespace,
  isInOwnNamespace,
  openNamespaces,
  whyNoNamespaces,
} from "../chaos/namespaces.ts";
import type { Network } from "../chaos/network.ts";
import { placesOf, weather, type Weathered } from "../chaos/storm.ts";

/**
 * Storms over a real cluster: a mission in five processes on three servers and two leaf nodes, in network namespaces, while processes, servers,
 * disks, clocks and lines fail and a stranger meddles; what comes out must be what one process gives without any.
 * `npm run bench:chaos -- --minutes 30`, or `--seed 7` to see one storm again. With `--log FILE` storms are added to a file, and the table is of all
 * that stand in it, from the seed behind the last or `--first` on; `--kinds 'leaf|replaced|way'` takes only kinds of faults that match.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string" },
    first: { type: "string", default: "1" },
    faults: { type: "string", default: "60" },
    "at-once": { type: "string", default: "2" },
    wait: { type: "string", default: "60" },
    calm: { type: "string", default: "120" },
    log: { type: "string" },
    network: { type: "string" },
    kinds: { type: "string" },
  },
});

const readLog = (): Weathered[] =>
  values.log === undefined || !existsSync(values.log)
    ? []
    : readFileSync(values.log, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Weathered);

const countOf = ({ struck }: Weathered): number => Object.values(struck).reduce((sum, one) => sum + one, 0);

/** Without names, numbers and times: what kind of line it is. */
const kindOfLine = (line: string): string =>
  line
    .replace(/^\S+: /, "")
    .replaceAll(/\d[\d.:,]*|\b[0-9a-f]{8,}\b|walker-\S+/g, "…")
    .slice(0, 150);

const table = (storms: readonly Weathered[]): void => {
  const kinds = new Map<string, number>(faults.map(({ kind }) => [kind, 0]));
  for (const { struck } of storms)
    for (const [kind, count] of Object.entries(struck)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  console.log("");
  for (const [kind, count] of kinds) console.log(`${kind.padEnd(24)}${String(count).padStart(6)}`);
  const total = storms.reduce((sum, storm) => sum + countOf(storm), 0);
  console.log(`${"all faults".padEnd(24)}${String(total).padStart(6)} in ${storms.length} storms`);
  for (const end of ["same", "gave up", "differs", "hangs", "left", "cluster lost"] as const) {
    const seeds = storms.filter((storm) => storm.end === end).map(({ seed }) => seed);
    const which = end === "same" || seeds.length === 0 ? "" : ` (--seed ${seeds.join(", ")})`;
    console.log(`${end.padEnd(24)}${String(seeds.length).padStart(6)}${which}`);
  }
  const lines = new Map<string, number>();
  for (const line of storms.flatMap(({ gaveUp }) => gaveUp))
    lines.set(kindOfLine(line), (lines.get(kindOfLine(line)) ?? 0) + 1);
  const ends = storms.reduce((sum, { gaveUp }) => sum + gaveUp.length, 0);
  console.log(
    `${"ended with a line".padEnd(24)}${String(ends).padStart(6)}, and went on with the same command`,
  );
  for (const [line, count] of [...lines].toSorted(([, a], [, b]) => b - a))
    console.log(`  ${count} × ${line}`);
  console.log("bar: 1,000 faults, none differs, none hangs");
};

/** What no storm here has, and why. */
const leftOut = (network: Network): readonly string[] => [
  "clocks of nats-server: it asks the kernel, so nothing can stand between; clocks of our own processes are set",
  ...faults.flatMap(({ kind, whyNot }) => {
    const why = whyNot?.({ network, isCopied: true }) ?? null;
    return why === null ? [] : [`${kind}: ${why}`];
  }),
];

const run = async (): Promise<number> => {
  const kinds = faults.filter(({ kind }) => new RegExp(values.kinds ?? "").test(kind));
  const mission = await flyReference(11);
  const why = isInOwnNamespace() ? null : (whyNoNamespaces() ?? "asked for lines");
  if (why !== null) console.log(`no network namespaces: ${why}; ways are lines on loopback`);
  const end = Date.now() + 60_000 * Number(values.minutes);
  const storms = readLog();
  const only = values.seed === undefined ? null : Number(values.seed);
  for (let seed = only ?? Math.max(Number(values.first), ...storms.map((one) => one.seed + 1)); ; seed++) {
    await using network = why === null ? await openNamespaces(placesOf(mission)) : openLines();
    const storm = await weather(mission, network, {
      seed,
      mostFaults: Number(values.faults),
      atOnce: Number(values["at-once"]),
      wait: Number(values.wait),
      calm: Number(values.calm),
      kinds,
    });
    if (storms.length === 0) for (const line of leftOut(network)) console.log(`left out: ${line}`);
    storms.push(storm);
    if (values.log !== undefined && only === null) appendFileSync(values.log, `${JSON.stringify(storm)}\n`);
    console.log(
      `storm ${seed}: ${countOf(storm)} faults in ${storm.seconds.toFixed(0)} s: ${storm.end} ${storm.words}`,
    );
    for (const line of storm.gaveUp) console.log(`  ended: ${line}`);
    if (only !== null || Date.now() > end) break;
  }
  table(storms);
  return storms.every(({ end: how }) => how === "same" || how === "gave up" || how === "cluster lost")
    ? 0
    : 1;
};

const wantsNamespaces = values.network !== "lines" && !isInOwnNamespace() && whyNoNamespaces() === null;
process.exitCode = wantsNamespaces
  ? await continueInOwnNamespace(import.meta.url, process.argv.slice(2))
  : await run();
