import { describe, expect, it } from "vitest";
import { eventsUpTo } from "../../../console/state/event-log.ts";
import { openPlan } from "../../../console/state/plan.ts";
import { openPolicy } from "../../../console/state/policy-record.ts";
import { fleetAt, satelliteAt } from "../../../console/state/satellite-at.ts";
import { stateAt } from "../../../console/state/state-at.ts";
import { type AnyRow, type ColumnFile, tableOf, TextList } from "../../../pipeline/column-file.ts";
import type { MissionHead, MissionPart } from "../../../pipeline/mission/mission-head.ts";
import { missionTables, type MissionTableName } from "../../../pipeline/mission/mission-tables.ts";
import { seeded } from "../../../pipeline/seeded.ts";

/** A day of 2,800 satellites: as many pictures, products and contacts as such a simulation has. */
const satellites = 2_800;
const pictures = 100_000;
const contacts = 12_000;
const day = 86_400;

const random = seeded(1, "large-record");
const up = (): number => random.integer(1e9) / 1e9;

const fileOf = (tables: Partial<Record<MissionTableName, readonly AnyRow[]>>): ColumnFile => {
  const texts = new TextList();
  const made = Object.entries(tables).map(([name, rows]) => [
    name,
    tableOf(missionTables[name as MissionTableName], rows, texts),
  ]);
  return { tables: Object.fromEntries(made) as ColumnFile["tables"], texts: texts.texts };
};

const none: MissionPart = { file: "", bytes: 0, rows: {}, before: {}, from_s: 0, to_s: 0 };

const head = {
  shows: "counts",
  horizon: { from: "", to: "", epoch_s: 1_767_225_600, length_s: day },
  satellites: Array.from({ length: satellites }, (_, n) => `W-${n}`),
  stations: Array.from({ length: 32 }, () => ({ antennas: 1 })),
  spacecraft: { battery: { floor: 0.6 }, heat: { slows_from_k: 318 } },
  crosslinks: null,
  framing: { bytes: 1279, holds: 1091, per_product: 10 },
} as unknown as MissionHead;

const byTime = (count: number): readonly number[] =>
  Array.from({ length: count }, () => up() * day).sort((a, b) => a - b);

const taken = byTime(pictures);
const owners = taken.map(() => random.integer(satellites));
const plan = openPlan(head, {
  contacts: fileOf({
    contacts: byTime(contacts).map((from_s) => ({
      from_s,
      locked_s: from_s + 10,
      to_s: from_s + 60 + 500 * up(),
      satellite: random.integer(satellites),
      station: random.integer(32),
      antenna: 0,
      max_elevation_deg: 30,
      capacity_bytes: 1e9,
    })),
  }),
  acquisitions: fileOf({
    acquisitions: taken.map((at_s, n) => ({
      at_s,
      satellite: owners[n] ?? 0,
      scene: 0,
      sun_elevation_deg: 30,
      longitude_deg: 0,
      latitude_deg: 0,
    })),
  }),
});

const products = taken.map((at) => at + 2);
const landings = products
  .map((at, product) => ({ at: at + 4000 * up(), product }))
  .sort((a, b) => a.at - b.at);
const landedAt = new Float64Array(pictures);
for (const { at, product } of landings) landedAt[product] = at;
const events = fileOf({
  captures: taken.map((at_s, n) => ({
    at_s,
    acquisition: n,
    satellite: owners[n] ?? 0,
    samples: 1,
    sensor_bytes: 1,
    tiles: 1,
    failure: "",
  })),
  computes: taken.map((at_s, n) => ({
    at_s,
    to_s: at_s + 2,
    acquisition: n,
    satellite: owners[n] ?? 0,
    model_tiles: 1,
    empty_tiles: 0,
    cloudy_tiles: 0,
    lost_tiles: 0,
    detections: 40,
    dropped_bytes: 0,
    products: 1,
    product_bytes: 450,
    lossless_bytes: 1e6,
    work_s: 2,
  })),
  products: products.map((at_s, n) => ({
    at_s,
    satellite: owners[n] ?? 0,
    kind: 0,
    acquisition: n,
    tile: -1,
    bytes: 450,
    value: 1,
    asked_s: NaN,
  })),
  landings: landings.map(({ at, product }) => ({
    at_s: at,
    product,
    satellite: owners[product] ?? 0,
    station: 0,
    first_sent_s: at - 1,
    at_centre_s: at + 1,
  })),
});
const minutes = 1_441;
const body: ColumnFile = {
  tables: {
    body: {
      rows: satellites * minutes,
      columns: {
        charge: new Uint16Array(satellites * minutes).fill(60_000),
        temperature_ck: new Uint16Array(satellites * minutes).fill(29_000),
      },
    },
  },
  texts: [],
};

const policy = {
  label: "direct",
  name: "detect",
  sends: "",
  where: "board" as const,
  state: "flown" as const,
  through_s: day,
  published_through_s: day,
  body_through_s: day,
  events: [none],
  detections: [],
  body: [{ ...none, rows: { body: satellites * minutes } }],
};
const record = openPolicy(plan, policy, { events: [events], detections: [], body: [body] });

describe("the state of 2,800 satellites with 100,000 pictures", () => {
  it("is known at any moment in less than the thirtieth of a second", () => {
    const spent: number[] = [];
    for (let n = 0; n < 30; n++) {
      const t = day * up();
      const before = process.cpuUsage();
      stateAt(plan, record, record, t);
      fleetAt(plan, record, t);
      satelliteAt(plan, record, random.integer(satellites), t);
      eventsUpTo(plan, record, t, 40);
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1000);
    }
    const median = spent.toSorted((a, b) => a - b)[15] as number;
    console.log(
      `stateAt, fleetAt, satelliteAt and eventsUpTo of 2,800 satellites: ${median.toFixed(1)} ms CPU, the median of 30`,
    );
    expect(median).toBeLessThan(33);
  });

  it("adds up: what was made is on the ground or waits on board of somebody", () => {
    for (let n = 0; n < 20; n++) {
      const t = day * up();
      const { waiting, progress } = stateAt(plan, record, record, t);
      const made = products.filter((at) => at <= t).length;
      const down = landings.filter(({ at }) => at <= t).length;
      expect(waiting.products).toBe(made - down);
      expect(fleetAt(plan, record, t).queue.reduce((sum, queue) => sum + queue, 0)).toBe(made - down);
      expect(waiting.bytes).toBe(450 * (made - down));
      expect(progress.captured).toBe(taken.filter((at) => at <= t).length);
      const oldest = products.findIndex((at, product) => at <= t && (landedAt[product] as number) > t);
      expect(waiting.oldest?.product ?? -1).toBe(oldest);
    }
  });
});
