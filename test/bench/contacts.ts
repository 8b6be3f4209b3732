/**
 * How fast contacts are planned, how much faster than Skyfield's `find_events` in the same run, and how much faster than
 * cote on the same cases; 2,800 satellites, and all active objects over KSAT, with the memory they take.
 *
 *   npm run bench:contacts
 *
 * With SWATH_COTE=path/to/cote (a checkout of github.com/CMUAbstract/cote) cote is compiled and flown in turns with ours; without it its published rates stand for it.
 *
 * One thread. Processor time stands beside wall time, for machines with other work. Satellite-hours are satellites × hours; every station multiplies the work, so the rate of pair-hours stands beside it.
 * Skyfield (python3-skyfield, where /usr/bin/python3 has it) searches a sample of the same pairs; its time is scaled up.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { ephemerisOf, newEphemerisRoom } from "../../pipeline/orbit/ephemeris.ts";
import { searchPasses } from "../../planning/contacts/pass.ts";
import { newPassTable, reserveRows } from "../../planning/contacts/pass-table.ts";
import { watchFrom } from "../../planning/contacts/visibility.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { readOrbits } from "../../planning/orbits/orbit-file.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { readStations } from "../../planning/contacts/station-file.ts";
import { walkerEpoch } from "../../planning/orbits/walker.ts";
import { degrees, instant, later, metres, seconds, type Instant } from "../../pipeline/units.ts";
import { coteCases, coteStart } from "./cote-cases.ts";
import { compileCote } from "./cote-run.ts";
import { defaultMask } from "../../planning/contacts/station-networks.ts";
import { reportFigures, type Figure } from "./figures.ts";

/** The twelve sites of AWS Ground Station, as its list of locations names them; towns to 0.1°. */
const sites = [
  ["Alaska", -149.9, 71.3],
  ["Oregon", -119.4, 45.5],
  ["Ohio", -83.1, 40.1],
  ["Hawaii", -155.7, 19.0],
  ["Punta-Arenas", -70.9, -52.9],
  ["Ireland", -8.0, 53.0],
  ["Stockholm", 18.0, 59.3],
  ["Bahrain", 50.6, 26.1],
  ["Cape-Town", 18.5, -33.9],
  ["Seoul", 127.0, 37.5],
  ["Singapore", 103.8, 1.3],
  ["Dubbo", 148.6, -32.2],
] as const;

const stations = (count: number): readonly GroundStation[] =>
  sites.slice(0, count).map(([id, longitude, latitude]) => ({
    id,
    name: id,
    longitude: degrees(longitude),
    latitude: degrees(latitude),
    altitude: metres(0),
    minElevation: defaultMask,
    antennas: 1,
  }));

const hours = 24;

const from = walkerEpoch;

const to = later(from, seconds(hours * 3600));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Measured {
  readonly seconds: number;
  /** Of all threads: collector and compiler work beside the planner. */
  readonly cpuSeconds: number;
  readonly contacts: number;
}

/** Medians over several runs; `work` says how many contacts it came to. */
const timed = (runs: number, work: () => number): Measured => {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  let contacts = 0;
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    const cpuBegin = process.cpuUsage();
    contacts = work();
    times.push((performance.now() - begin) / 1000);
    const { user, system } = process.cpuUsage(cpuBegin);
    cpuTimes.push((user + system) / 1e6);
  }
  return { seconds: median(times), cpuSeconds: median(cpuTimes), contacts };
};

const measure = (
  satellites: readonly Satellite[],
  sitesUsed: readonly GroundStation[],
  runs: number,
  start: Instant = from,
): Measured => {
  const request = {
    radio: {},
    satellites,
    stations: sitesUsed,
    from: start,
    to: later(start, seconds(hours * 3600)),
  };
  return timed(runs, () => planContacts(request).contacts.length);
};

/** Windows alone, as cote's steps find them: no antennas allotted, no samples. */
const measureWindows = (
  satellites: readonly Satellite[],
  sitesUsed: readonly GroundStation[],
  runs: number,
): Measured => {
  const end = later(coteStart, seconds(hours * 3600));
  return timed(runs, () => {
    const watches = sitesUsed.map(watchFrom);
    const passes = newPassTable();
    const room = newEphemerisRoom();
    for (const [index, satellite] of satellites.entries()) {
      const ephemeris = ephemerisOf(satellite, coteStart, end, room);
      for (const [place, watch] of watches.entries()) searchPasses(ephemeris, watch, index, place, passes);
      if (index === 0) reserveRows(passes, Math.ceil(passes.count * satellites.length * 1.1));
    }
    return passes.count;
  });
};

const report = (
  label: string,
  count: number,
  stationCount: number,
  { seconds: wall, cpuSeconds, contacts }: Measured,
): void => {
  const rate = (count * hours) / wall;
  console.log(
    `${label}: ${count} satellites × ${stationCount} stations × ${hours} h, ${contacts} contacts in ${wall.toFixed(3)} s (CPU ${cpuSeconds.toFixed(3)} s): ` +
      `${Math.round(rate)} satellite-hours/s, ${Math.round(rate * stationCount)} pair-hours/s`,
  );
};

/** Seconds that Skyfield takes for one pair, or `null` where it is not installed. */
const skyfieldSecondsPerPair = (
  satellites: readonly Satellite[],
  sitesUsed: readonly GroundStation[],
): number | null => {
  const pairs = Array.from({ length: 10 }, (_, n) => ({
    elements: satellites[(n * 7) % satellites.length],
    station: sitesUsed[n % sitesUsed.length],
  }));
  const script = `
import json, sys, time, math
from sgp4.api import Satrec, WGS72
from skyfield.api import EarthSatellite, load, wgs84
ts = load.timescale(builtin=True)
job = json.load(sys.stdin)
start = ts.utc(1970, 1, 1, 0, 0, job["from"]); end = ts.utc(1970, 1, 1, 0, 0, job["to"])
spent = 0
for pair in job["pairs"]:
    o, s = pair["elements"], pair["station"]; e = o["elements"]
    rec = Satrec()
    rec.sgp4init(WGS72, "i", o["catalogNumber"], o["epoch"] / 86400 + 7306.0, e["drag"], 0.0, 0.0, e["eccentricity"],
        math.radians(e["argumentOfPerigee"]), math.radians(e["inclination"]), math.radians(e["meanAnomaly"]),
        e["meanMotion"] * 2 * math.pi / 1440, math.radians(e["rightAscension"]))
    satellite = EarthSatellite.from_satrec(rec, ts)
    place = wgs84.latlon(s["latitude"], s["longitude"], s["altitude"])
    begin = time.perf_counter()
    satellite.find_events(place, start, end, altitude_degrees=s["minElevation"])
    spent += time.perf_counter() - begin
print(spent / len(job["pairs"]))
`;
  const python = spawnSync("/usr/bin/python3", ["-c", script], {
    input: JSON.stringify({ from, to, pairs }),
    encoding: "utf8",
  });
  if (python.status === 0) return Number(python.stdout);
  console.log(
    `Skyfield left out: ${(python.error?.message ?? python.stderr.trim().split("\n").at(-1)) || "no reason given"}`,
  );
  return null;
};

const noFiles = (path: string): string => {
  throw new Error(`the bench reads no files, asked for ${path}`);
};

const fifty = await resolveConstellation("walker:50", noFiles);

const ten = stations(10);

const cold = measure(fifty, ten, 1);

report("first plan of a process", 50, 10, cold);

const warm = measure(fifty, ten, 9);

report("median of 9", 50, 10, warm);

reportFigures([
  {
    what: "first contact plan of a process, 50 satellites × 10 stations × 24 h",
    value: cold.seconds,
    unit: "s",
    beside: { what: "median of nine more", value: warm.seconds },
    bar: { on: "ratio", most: 2 },
  },
]);

const bar = 10_000;

const against = ({ seconds: wall, cpuSeconds }: Measured): string =>
  `${((50 * hours) / wall / bar).toFixed(2)} × by wall, ${((50 * hours) / cpuSeconds / bar).toFixed(2)} × by CPU time`;

console.log(`bar of ${bar} satellite-hours/s: ${against(warm)}; first plan of the process: ${against(cold)}`);

const perPair = skyfieldSecondsPerPair(fifty, ten);

if (perPair !== null) {
  const total = perPair * 500;
  console.log(
    `Skyfield find_events: ${perPair.toFixed(3)} s a pair (10 sampled), ${total.toFixed(1)} s for all 500: ` +
      `${(total / warm.seconds).toFixed(0)} × our time, ${(total / cold.seconds).toFixed(0)} × our first plan; ` +
      "it allots no antennas and makes no samples",
  );
}

const checkout = process.env["SWATH_COTE"];

const cote = checkout === undefined ? "SWATH_COTE names no checkout of it" : compileCote(checkout);

if (typeof cote === "string") console.log(`cote itself left out, its published rates stand for it: ${cote}`);

for (const one of coteCases) {
  const { satellites, stations: rings, step, satelliteHoursPerSecond } = one;
  const of = `case of cote, ${satellites.length} × ${rings.length}, its steps of ${step} s`;
  // What a process planned before was smaller.
  const first = measure(satellites, rings, 1, coteStart);
  // In turns, so that other work on the machine weighs upon both.
  const rounds = Array.from({ length: 3 }, () => ({
    cote: typeof cote === "string" ? satelliteHoursPerSecond : cote.rate(one, 360),
    windows: measureWindows(satellites, rings, 3),
    planned: measure(satellites, rings, 3, coteStart),
  }));
  const rate = median(rounds.map((round) => round.cote));
  const [windows, planned] = (["windows", "planned"] as const).map((kind) =>
    median(rounds.map((round) => round[kind].cpuSeconds)),
  ) as [number, number];
  console.log(
    `${of}: ${rate.toFixed(0)} satellite-hours a CPU second (${satelliteHoursPerSecond} as published); our ` +
      `${rounds[0]?.windows.contacts} windows CPU ${windows.toFixed(3)} s, with antennas and samples CPU ${planned.toFixed(3)} s`,
  );
  const work = `${satellites.length} satellites × ${rings.length} stations × ${hours} h`;
  const than = (what: string, cpuSeconds: number, least: number): Figure => ({
    what: `${what}, ${work}`,
    value: (satellites.length * hours) / cpuSeconds,
    unit: "satellite-hours a CPU second",
    beside: { what: `cote (C++), ${typeof cote === "string" ? "as published" : "this run"}`, value: rate },
    bar: { on: "ratio", least },
  });
  reportFigures([
    than("windows of contacts", windows, 100),
    than("contacts with antennas and samples", planned, 60),
    {
      what: `first such plan, ${work}`,
      value: first.cpuSeconds,
      unit: "CPU s",
      beside: { what: "later ones", value: planned },
      bar: { on: "ratio", most: 2 },
    },
  ]);
}

if (typeof cote !== "string") cote.dispose();

const memory = (): string => `peak memory so far: ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`;

const many = await resolveConstellation("walker:2800", noFiles);

const twelve = stations(12);

report("large", 2800, 12, measure(many, twelve, 1));

console.log(memory());

const catalogue = "../shared/datasets/orbits/active-2026-08-13.tle";

const network = "../shared/datasets/orbits/ground-stations/ksat.json";

if (existsSync(catalogue) && existsSync(network)) {
  const active = readOrbits(readFileSync(catalogue, "utf8"), catalogue).satellites;
  const ksat = readStations(readFileSync(network, "utf8"), network).stations;
  const day = instant(Date.UTC(2026, 7, 13) / 1000);
  report("all active objects", active.length, ksat.length, measure(active, ksat, 1, day));
  console.log(memory());
} else console.log(`all active objects left out: ${catalogue} or ${network} is not there`);
