/**
 * What the mission record costs: a fleet of the number of satellites given (default 280) flies a day with nobody writing it down and with a
 * log for each satellite, in turn, three times; then the record is made of these logs. CPU seconds, since they wait for nothing.
 */
import { readFileSync } from "node:fs";
import { alone } from "../../operators/mesh/mesh.ts";
import { findSpacecraftPreset } from "../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../operators/presets/spacecraft-preset.ts";
import { simulate } from "../../operators/simulation/simulation.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import { degrees, later, seconds } from "../../pipeline/units.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { planImaging } from "../../planning/imaging-plan.ts";
import { parseWalker } from "../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../planning/orbits/walker.ts";
import { numberingOf, planParts } from "../../studies/record/mission-plan.ts";
import { openPolicyRecorder } from "../../studies/record/policy-recorder.ts";
import { bothLogs, keepLog, tellAgain, type KeptLog } from "../../studies/record/satellite-log.ts";
import { madeEntry } from "./made-entry.ts";
import { reportFigures } from "./figures.ts";

const count = Number(process.argv[2] ?? 280);
const spacecraft = spacecraftOf(findSpacecraftPreset("three-body") as SpacecraftPreset);
const satellites = walkerSatellites(parseWalker(`walker:${count}`), walkerEpoch);
const [from, to] = [walkerEpoch, later(walkerEpoch, seconds(86_400))];
const stations = await resolveStations("ksat", (path) => readFileSync(path, "utf8"));
const contacts = planContacts({ radio: {}, satellites, stations, from, to });
const acquisitions = planImaging(satellites, from, to, {
  every: seconds(600),
  sunAbove: degrees(10),
  seed: 1,
}).map((one, index) => ({ ...one, index, scene: "made" }));
const { rate } = spacecraft.radio;
const plan = {
  seed: 1,
  spacecraft,
  satellites,
  stations,
  acquisitions,
  contacts,
  mesh: null,
  rate,
  protection: "none" as const,
  errors: { bitErrorRate: 0, segmentLossRate: 0, outages: [] },
  workload: { computer: { ...spacecraft.computer }, precision: "fp32" as const },
  entries: [madeEntry],
  inOrder: false,
};

const cpuOf = async <T>(work: () => T | Promise<T>): Promise<readonly [number, T]> => {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, value];
};

const fly = async (
  logOf: ((satellite: string) => FlightLog & Pick<KeptLog, "text">) | null,
): Promise<number> => {
  const { signal } = new AbortController();
  const shard = { index: 0, of: 1, exchange: alone };
  let products = 0;
  for await (const { arrivals } of simulate(plan, shard, { signal, ...(logOf === null ? {} : { logOf }) }))
    products += arrivals.length;
  return products;
};

console.log(
  `${count} satellites, 24 h, ${contacts.contacts.length} contacts, ${acquisitions.length} acquisitions`,
);
const bare: number[] = [];
const logged: number[] = [];
let texts: readonly (readonly [string, string])[] = [];
await fly(null);
for (let round = 0; round < 3; round++) {
  bare.push((await cpuOf(() => fly(null)))[0]);
  const logs = new Map<string, Pick<KeptLog, "text">>();
  const [cpu] = await cpuOf(async () => {
    await fly((satellite) => {
      const log = keepLog();
      logs.set(satellite, log);
      return log;
    });
    texts = [...logs].map(([satellite, log]) => [satellite, log.text()] as const);
  });
  logged.push(cpu);
}
const least = (values: readonly number[]): number => Math.min(...values);
const [off, on] = [least(bare), least(logged)];
console.log(
  `  flights ${off.toFixed(2)} s CPU, with a log ${on.toFixed(2)} s: ${(100 * (on / off - 1)).toFixed(1)} % more`,
);
const length = texts.reduce((sum, [, text]) => sum + text.length, 0);
const source = {
  satellites,
  stations,
  contacts,
  mesh: null,
  rate,
  protection: "none" as const,
  acquisitions,
  scenes: null,
};
/** As `swath simulate` has it: straight into the record, and into the journal by which a run that was killed goes on. */
const openRecorder = (onFiles: (bytes: number) => void) =>
  openPolicyRecorder({
    policy: { label: "direct", name: "detect", sends: "", where: "board" },
    numbering: numberingOf(source),
    satellites: satellites.map(({ id }) => id),
    horizon: to - from,
    onGrown: null,
    onClosed: (written) => onFiles(written.reduce((all, { content }) => all + content.length, 0)),
  });
const whole: number[] = [];
const straight: number[] = [];
for (let round = 0; round < 3; round++) {
  const [alone] = await cpuOf(async () => {
    const recorder = openRecorder(() => undefined);
    await fly((satellite) => ({ ...recorder.flight(satellite), text: () => "" }));
    recorder.close();
  });
  straight.push(alone);
  const [both] = await cpuOf(async () => {
    const recorder = openRecorder(() => undefined);
    const kept: KeptLog[] = [];
    await fly((satellite) => {
      const log = keepLog();
      kept.push(log);
      return { ...bothLogs(recorder.flight(satellite), log), text: log.text };
    });
    for (const log of kept) log.text();
    recorder.close();
  });
  whole.push(both);
}
const share = (value: number): string => `${(100 * (value / off - 1)).toFixed(1)} % more`;
console.log(
  `  flights with their record ${least(straight).toFixed(2)} s CPU: ${share(least(straight))}; with the journal too ${least(whole).toFixed(2)} s: ${share(least(whole))}`,
);
reportFigures([
  {
    what: "processor time of flights with their mission record",
    value: least(straight),
    unit: "s",
    beside: { what: "without", value: off },
    bar: { on: "ratio", most: 1.03 },
  },
]);
const [cpu, size] = await cpuOf(() => {
  const { files } = planParts(source);
  let sum = files.reduce((all, { content }) => all + content.length, 0);
  const recorder = openRecorder((bytes) => void (sum += bytes));
  for (const [satellite, text] of texts) tellAgain(text, satellite, recorder.flight(satellite));
  recorder.close();
  return sum;
});
console.log(
  `  logs ${(length / 1e6).toFixed(1)} MB, record ${(size / 1e6).toFixed(1)} MB in ${cpu.toFixed(2)} s CPU: ${((100 * cpu) / off).toFixed(1)} % of the flights`,
);
