/**
 * How time and memory grow with scenes, tiles, satellites, stations, subscribers and products: each against n, with the fitted exponent.
 *
 *   npm run bench:growth [kind …]     SWATH_LONG=1: scenes up to 10,000
 *
 * Prints rows of a table in Markdown. Every figure is of a process of its own: CPU seconds of all its threads (other work on the machine counts little), and its
 * peak memory. The exponent of time is the slope of the line through log n and log CPU by least squares, over the time beyond that of a start: what the two smallest
 * n leave where the line through them meets 0, at least that of a process that does nothing. 1 is linear. That of memory is the slope through
 * log n and log peak, the start with it: 0 is flat. A server of NATS that a run starts is not counted.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { alone } from "../../operators/mesh/mesh.ts";
import { findSpacecraftPreset } from "../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../operators/presets/spacecraft-preset.ts";
import { simulate, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { degrees, later, metres, seconds } from "../../pipeline/units.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { findStationNetwork } from "../../planning/contacts/station-networks.ts";
import { planCrosslinks } from "../../planning/crosslinks/crosslink-plan.ts";
import { planImaging } from "../../planning/imaging-plan.ts";
import { defaultPlanes, walkerEpoch, walkerSatellites } from "../../planning/orbits/walker.ts";
import { areaIndex } from "../../stations/subscribers/area-index.ts";
import { boxArea, isInArea, type WatchArea } from "../../stations/subscribers/watch-area.ts";
import { madeEntry } from "./made-entry.ts";

/** What a process came to; seconds and bytes. */
interface Cost {
  readonly cpu: number;
  readonly peak: number;
}

const from = walkerEpoch;
const ksat = findStationNetwork("ksat")?.stations ?? [];

const constellation = (total: number) =>
  walkerSatellites(
    {
      total,
      planes: defaultPlanes(total),
      phasing: 1,
      altitude: metres(550_000),
      inclination: degrees(97.6),
    },
    from,
  );

const contactsOf = (satellites: number, stations: number, hours: number): void => {
  const to = later(from, seconds(3600 * hours));
  planContacts({
    radio: {},
    satellites: constellation(satellites),
    stations: ksat.slice(0, stations),
    from,
    to,
  });
};

/** The same work with so many products. */
const entryOf = (products: number): WorkloadEntry => ({
  ...madeEntry,
  products: Array.from({ length: products }, (_, tile) => ({
    kind: "tile-lossless" as const,
    tile,
    size: 450,
    workAt: seconds(1.2),
  })),
});

const fly = async (count: number, products: number, hours: number, isMesh: boolean): Promise<void> => {
  const spacecraft = spacecraftOf(findSpacecraftPreset("three-body") as SpacecraftPreset);
  const satellites = constellation(count);
  const to = later(from, seconds(3600 * hours));
  const imaging = planImaging(satellites, from, to, { every: seconds(600), sunAbove: null, seed: 1 });
  const terminals = spacecraft.crosslink as NonNullable<typeof spacecraft.crosslink>;
  const plan: SimulationPlan = {
    seed: 1,
    spacecraft,
    satellites,
    stations: ksat,
    acquisitions: imaging.map((one, index) => ({ ...one, index, scene: "made" })),
    contacts: planContacts({ radio: {}, satellites, stations: ksat, from, to }),
    rate: spacecraft.radio.rate,
    protection: "none",
    errors: { bitErrorRate: 0, segmentLossRate: 0, outages: [] },
    workload: { computer: { ...spacecraft.computer }, precision: "fp32" },
    entries: [entryOf(products)],
    inOrder: false,
    mesh: isMesh
      ? {
          crosslinks: planCrosslinks({ satellites, terminals, from, to, topology: "grid" }),
          epoch: seconds(60),
          lookAhead: seconds(21_600),
        }
      : null,
  };
  const shard = { index: 0, of: 1, exchange: alone };
  const { signal } = new AbortController();
  for await (const { arrivals } of simulate(plan, shard, { signal, keepsSeries: false })) void arrivals;
};

/** Small areas all over the world, and twenty detections for each of them held against all. */
const subscribe = (count: number): void => {
  const random = seeded(1, "growth", count);
  const place = (): readonly [number, number] => [random.uniform() * 340 - 170, random.uniform() * 160 - 80];
  const index = areaIndex<WatchArea>();
  for (let n = 0; n < count; n++) {
    const [west, south] = place();
    const area = boxArea([west, south, west + 0.5, south + 0.5]);
    index.add(area, area);
  }
  let heard = 0;
  for (let n = 0; n < 20 * count; n++) {
    const [longitude, latitude] = place();
    index.forEachNear(longitude, latitude, (area) => (heard += isInArea(area, longitude, latitude) ? 1 : 0));
  }
};

const probe = `import { writeFileSync } from "node:fs";
process.on("exit", () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(process.env.GROWTH_COST, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS * 1024 })); });`;

const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

/** What a process with these words costs. */
const costOf = (words: readonly string[]): Cost => {
  const folder = mkdtempSync(join(tmpdir(), "swath-growth-"));
  try {
    const [code, cost] = [join(folder, "probe.mjs"), join(folder, "cost.json")];
    writeFileSync(code, probe);
    const { status, stderr } = spawnSync(process.execPath, ["--import", code, ...words], {
      encoding: "utf8",
      cwd: folder,
      env: { ...process.env, GROWTH_COST: cost },
    });
    if (status !== 0 || !existsSync(cost))
      throw new Error(`${words.join(" ")}: ${stderr.trim().split("\n").at(-1)}`);
    return JSON.parse(readFileSync(cost, "utf8")) as Cost;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

interface Kind {
  readonly title: string;
  readonly sizes: readonly number[];
  /** In a process of this file; `null`: `words` are of the command. */
  readonly work: ((n: number) => void | Promise<void>) | null;
  readonly words?: (n: number) => readonly string[];
}

const replayOf = (query: string): readonly string[] => [
  main,
  ..."replay".split(" "),
  `builtin:harbour?${query}`,
  ..."--policy raw --constellation walker:3 --stations builtin --schedule cadence --cadence 30s".split(" "),
];

const kinds: Readonly<Record<string, Kind>> = {
  satellites: {
    title: "satellites of a contact plan (32 stations, 24 h)",
    sizes: [1000, 2000, 4000, 8000],
    work: (n) => contactsOf(n, 32, 24),
  },
  stations: {
    title: "stations of a contact plan (4,000 satellites, 24 h)",
    sizes: [4, 8, 16, 32],
    work: (n) => contactsOf(4000, n, 24),
  },
  simulated: {
    title: "satellites simulated straight down (32 stations, 3 h)",
    sizes: [1400, 2800, 5600, 11_200],
    work: (n) => fly(n, 1, 3, false),
  },
  mesh: {
    title: "satellites simulated with a mesh (32 stations, 3 h)",
    sizes: [350, 700, 1400, 2800],
    work: (n) => fly(n, 1, 3, true),
  },
  products: {
    title: "products of a picture, simulated (280 satellites, 3 h)",
    sizes: [8, 16, 32, 64],
    work: (n) => fly(280, n, 3, false),
  },
  subscribers: {
    title: "subscribers with an area each, and twenty detections for each",
    sizes: [5_000, 10_000, 20_000, 40_000],
    work: subscribe,
  },
  scenes: {
    title: "scenes of 512² replayed, policy raw",
    sizes: process.env["SWATH_LONG"] === undefined ? [8, 16, 32, 64] : [10, 100, 1000, 10_000],
    work: null,
    words: (n) => replayOf(`scenes=${n}&size=512`),
  },
  tiles: {
    title: "tiles of a scene replayed, policy raw (side of the scene 512 … 4,096)",
    sizes: [4, 16, 64, 256],
    work: null,
    words: (n) => replayOf(`scenes=1&size=${256 * Math.sqrt(n)}`),
  },
};

/** Slope of the line through log n and log of what lies beyond `base`. */
const exponentOf = (
  points: readonly { readonly n: number; readonly value: number }[],
  base: number,
): number => {
  const logs = points.map(({ n, value }) => [Math.log(n), Math.log(Math.max(1e-6, value - base))] as const);
  const mean = (of: 0 | 1): number => logs.reduce((sum, log) => sum + log[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const over = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return over / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
};

const self = fileURLToPath(import.meta.url);
const [mode, name, size] = process.argv.slice(2);
if (mode === "--work") await kinds[name ?? ""]?.work?.(Number(size));
else {
  const chosen = process.argv.slice(2).filter((word) => word in kinds);
  const start = costOf([self, "--work", "none", "0"]).cpu;
  console.log(
    "| what grows | n | CPU, s | exponent | peak memory, MB | exponent |\n|---|---|---|---|---|---|",
  );
  for (const [kind, { title, sizes, work, words }] of Object.entries(kinds)) {
    if (chosen.length > 0 && !chosen.includes(kind)) continue;
    const run = (n: number): Cost =>
      costOf(work === null ? (words?.(n) ?? []) : [self, "--work", kind, `${n}`]);
    const costs = sizes.map((n) => ({ n, ...run(n) }));
    // A start, and what is compiled on the way: what the smallest n costs beyond a linear share of the next.
    const [a, b] = costs as [(typeof costs)[number], (typeof costs)[number]];
    const base = Math.max(start, (a.cpu * b.n - b.cpu * a.n) / (b.n - a.n));
    const exponent = exponentOf(
      costs.slice(1).map(({ n, cpu }) => ({ n, value: cpu })),
      base,
    );
    const memory = exponentOf(
      costs.map(({ n, peak }) => ({ n, value: peak })),
      0,
    );
    const list = (cell: (cost: (typeof costs)[number]) => string): string => costs.map(cell).join(" · ");
    const cells = [
      title,
      list(({ n }) => n.toLocaleString("en")),
      list(({ cpu }) => cpu.toFixed(1)),
      exponent.toFixed(2),
      list(({ peak }) => (peak / 1e6).toFixed(0)),
      memory.toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
