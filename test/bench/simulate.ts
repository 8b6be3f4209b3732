/**
 * `swath simulate` at scale: a Walker constellation over one day with power, heat, store, link and routes, for the numbers of
 * satellites given (default 280 and 2,800; 28000@2 is 2 hours of 28,000). Prints seconds and memory of each part.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { alone } from "../../operators/mesh/mesh.ts";
import { findSpacecraftPreset } from "../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../operators/presets/spacecraft-preset.ts";
import { simulate } from "../../operators/simulation/simulation.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { parseWalker } from "../../planning/orbits/constellation.ts";
import { planCrosslinks } from "../../planning/crosslinks/crosslink-plan.ts";
import { planImaging } from "../../planning/imaging-plan.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { walkerEpoch, walkerSatellites } from "../../planning/orbits/walker.ts";
import { degrees, later, seconds } from "../../pipeline/units.ts";
import { madeEntry } from "./made-entry.ts";
import { reportFigures } from "./figures.ts";

const spacecraft = spacecraftOf(findSpacecraftPreset("three-body") as SpacecraftPreset);
const time = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
  const start = performance.now();
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  const rss = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(
    `  ${what.padEnd(28)} ${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s, CPU ${((user + system) / 1e6).toFixed(1).padStart(6)} s, ${rss} MB`,
  );
  return value;
};

const sizes = process.argv
  .slice(2)
  .map((word) => word.split("@").map(Number))
  .map(([count = 0, hours = 24]) => ({ count, hours }))
  .filter(({ count, hours }) => count > 0 && hours > 0);
console.log(`${cpus()[0]?.model ?? "processor"}, ${cpus().length} cores; one thread`);
const usual = [280, 2800].map((count) => ({ count, hours: 24 }));
for (const { count, hours } of sizes.length > 0 ? sizes : usual) {
  console.log(`${count} satellites, ${hours} h`);
  const start = performance.now();
  const cpu = process.cpuUsage();
  const satellites = walkerSatellites(parseWalker(`walker:${count}`), walkerEpoch);
  const [from, to] = [walkerEpoch, later(walkerEpoch, seconds(3600 * hours))];
  const stations = await resolveStations("ksat", (path) => readFileSync(path, "utf8"));
  const contacts = await time("contact plan", () =>
    planContacts({ radio: {}, satellites, stations, from, to }),
  );
  const crosslinks = await time("crosslink plan", () =>
    planCrosslinks({
      satellites,
      terminals: spacecraft.crosslink as NonNullable<typeof spacecraft.crosslink>,
      from,
      to,
      topology: "grid",
    }),
  );
  const imaging = await time("imaging", () =>
    planImaging(satellites, from, to, { every: seconds(600), sunAbove: degrees(10), seed: 1 }),
  );
  const acquisitions = imaging.map((one, index) => ({ ...one, index, scene: "made" }));
  console.log(
    `  ${contacts.contacts.length} contacts, ${crosslinks.links.length} crosslinks, ${imaging.length} acquisitions`,
  );
  const base = {
    seed: 1,
    spacecraft,
    satellites,
    stations,
    acquisitions,
    contacts,
    rate: spacecraft.radio.rate,
    protection: "none" as const,
    errors: { bitErrorRate: 0, segmentLossRate: 0, outages: [] },
    workload: { computer: { ...spacecraft.computer }, precision: "fp32" as const },
    entries: [madeEntry],
    inOrder: false,
  };
  for (const mesh of [null, { crosslinks, epoch: seconds(60), lookAhead: seconds(21_600) }]) {
    await time(mesh === null ? "flights without mesh" : "flights with mesh", async () => {
      let delivered = 0;
      const delays: number[] = [];
      const { signal } = new AbortController();
      const shard = { index: 0, of: 1, exchange: alone };
      for await (const { arrivals } of simulate({ ...base, mesh }, shard, { signal, keepsSeries: false })) {
        delivered += arrivals.length;
        for (const { product, completedAt } of arrivals) {
          delays.push(completedAt - (acquisitions[product.acquisition]?.at ?? 0));
        }
      }
      const median = Float64Array.from(delays).sort()[delays.length >> 1] ?? 0;
      console.log(`    ${delivered} products down, median ${median.toFixed(0)} s after the acquisition`);
    });
  }
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `  all ${((performance.now() - start) / 1000).toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s`,
  );
  const what = `${count.toLocaleString("en")} satellites × ${hours} h, planned and flown without and with a mesh`;
  reportFigures([
    {
      what: `${what}, one thread`,
      value: (performance.now() - start) / 1000,
      unit: "s",
      ...(count === 2800 && hours === 24 ? { bar: { most: 30 } } : {}),
    },
    { what: "peak memory so far", value: process.resourceUsage().maxRSS / 1000, unit: "MB" },
  ]);
}
