/**
 * What a mesh costs to plan and to route, what it buys, and what the length of an epoch adds.
 *
 *   npm run build && node dist/test/bench/mesh.js
 *
 * Times are CPU seconds of this process, all threads, so that a busy machine does not count. 28,000 satellites fly 3 hours and
 * 2,800 fly 24; everything grows with satellites × hours.
 */
import { epochCosts, withAndWithout, type Delivery } from "./routing-benefit.ts";
import type { Hop } from "../../operators/mesh/routing-graph.ts";
import { contactHops, crosslinkHops } from "../../operators/mesh/routing-hops.ts";
import { inRoutingOrder, openRouter, type RouteRequest } from "../../operators/mesh/routing.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import {
  findCrosslinkWindows,
  planCrosslinks,
  type CrosslinkEquipment,
} from "../../planning/crosslinks/crosslink-plan.ts";
import type { CrosslinkTopology } from "../../planning/crosslinks/crosslink-topology.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { walkerEpoch } from "../../planning/orbits/walker.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { bitsPerSecond, bytes, instant, metres, seconds } from "../../pipeline/units.ts";
import { builtinStations } from "../../planning/contacts/station-networks.ts";
import { reportFigures } from "./figures.ts";

const from = walkerEpoch;

const stations = builtinStations.map(({ id }) => id);

/** Assumed, not a product's figures: four optical terminals of 10 Gbit/s, 5,000 km, half a minute to point. */
const terminals: CrosslinkEquipment = {
  terminals: 4,
  maxRange: metres(5e6),
  clearance: metres(80e3),
  pointingTime: seconds(30),
};

const crosslinkRate = bitsPerSecond(10e9);

const downlinkRate = bitsPerSecond(200e6);

const timed = <Result>(work: () => Result): readonly [Result, number] => {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
};

const fly = (spec: string): Promise<readonly Satellite[]> =>
  resolveConstellation(spec, (path) => {
    throw new Error(`the bench reads no files, asked for ${path}`);
  });

const hopsOf = (
  satellites: readonly Satellite[],
  hours: number,
  topology: CrosslinkTopology,
): { readonly contacts: readonly Hop[]; readonly crosslinks: readonly Hop[] } => {
  const to = instant(from + hours * 3600);
  const contacts = planContacts({ radio: {}, satellites, stations: builtinStations, from, to });
  return {
    contacts: contactHops(contacts, { kind: "fixed", rate: downlinkRate }),
    crosslinks: crosslinkHops(planCrosslinks({ satellites, terminals, from, to, topology }), crosslinkRate),
  };
};

/** Seeded products all over the constellation and the first part of the horizon, of 0.1 … 1.9 times `size` bytes. */
const productsOf = (
  satellites: readonly Satellite[],
  hours: number,
  count: number,
  size: number,
): readonly RouteRequest[] => {
  const random = seeded(1, "mesh", satellites.length);
  return inRoutingOrder(
    Array.from({ length: count }, () => ({
      source: (satellites[random.integer(satellites.length)] as Satellite).id,
      readyAt: instant(from + random.uniform() * hours * 3600),
      bytes: bytes(Math.ceil(size * (0.1 + 1.8 * random.uniform()))),
      priority: 0,
    })),
  );
};

console.log("Planning crosslinks (windows and terminals):");

for (const [spec, hours, topology] of [
  ["walker:12", 24, "all"],
  ["walker:50", 24, "all"],
  ["walker:280", 24, "grid"],
  ["walker:2800", 24, "grid"],
  ["walker:28000", 3, "grid"],
] as const) {
  const satellites = await fly(spec);
  const to = instant(from + hours * 3600);
  const request = { satellites, terminals, from, to, topology };
  const [windows] = timed(() => findCrosslinkWindows({ ...request, to: instant(from + 60) }).length);
  const [links, cpu] = timed(() => planCrosslinks(request).links.length);
  const perHour = ((cpu / satellites.length / hours) * 1e6).toFixed(0);
  console.log(
    `  ${spec}, ${topology}, ${hours} h: ${windows} pairs in sight at first, ${links} links, ${cpu.toFixed(2)} s, ${perHour} µs a satellite-hour`,
  );
}

console.log("Routing, built-in stations, 24 h:");

for (const [spec, count, size, topology] of [
  ["walker:12", 100_000, 100e3, "all"],
  ["walker:150", 200_000, 100e3, "grid"],
  ["walker:2800", 300_000, 100e3, "grid"],
  ["walker:2800", 50_000, 100e6, "grid"],
] as const) {
  const satellites = await fly(spec);
  const { contacts, crosslinks } = hopsOf(satellites, 24, topology);
  const [router, opened] = timed(() =>
    openRouter({
      hops: [...contacts, ...crosslinks],
      stations,
      epochs: null,
      lookAhead: seconds(86_400),
      shares: [1],
    }),
  );
  const products = productsOf(satellites, 24, count, size);
  let [found, hops] = [0, 0];
  const [, cpu] = timed(() => {
    for (const product of products) {
      const route = router.route(product);
      if (route === null) continue;
      found++;
      hops += route.hops.length;
    }
  });
  reportFigures([
    {
      what: `routes over ${spec}, ${count.toLocaleString("en")} products of ${size / 1e6} MB`,
      value: (cpu / count) * 1e6,
      unit: "µs of processor each",
    },
  ]);
  console.log(
    `  ${spec}, ${count} products of ${size / 1e6} MB: ${found} routes of ${(hops / found).toFixed(1)} hops, ` +
      `opened in ${opened.toFixed(2)} s, routed in ${cpu.toFixed(2)} s, ${((cpu / count) * 1e6).toFixed(1)} µs each`,
  );
}

const time = (value: number | null): string => (value === null ? "never" : `${value.toFixed(1)} s`);

const text = ({ median, p90, undelivered, meanCrosslinks }: Delivery): string =>
  `median ${time(median)}, p90 ${time(p90)}, ${undelivered} undelivered, ${meanCrosslinks.toFixed(1)} crosslinks`;

console.log("What the mesh buys, and what epochs cost (ready → ground, 10 MB products over 20 h):");

for (const [spec, topology] of [
  ["walker:12", "all"],
  ["walker:150", "grid"],
] as const) {
  const satellites = await fly(spec);
  const products = productsOf(satellites, 20, 10_000, 10e6);
  const request = {
    products,
    ...hopsOf(satellites, 24, topology),
    stations,
    lookAhead: seconds(86_400),
    shares: [1],
  };
  const { direct, mesh } = withAndWithout({ ...request, epochs: null });
  console.log(`  ${spec} straight down: ${text(direct)}\n  ${spec} with the mesh: ${text(mesh)}`);
  for (const [custody, batched] of [
    ["relay", false],
    ["carrier", false],
    ["carrier", true],
  ] as const) {
    for (const cost of epochCosts(request, [10, 60, 300].map(seconds), { origin: from, custody, batched })) {
      console.log(
        `    epochs of ${cost.length} s, every ${custody} waits, routed ${batched ? "at the epoch's end" : "at once"}: ` +
          `adds ${time(cost.addedMedian)} (median), ${time(cost.addedP90)} (p90); ${text(cost.delivery)}`,
      );
    }
  }
}

console.log(`peak memory: ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`);
