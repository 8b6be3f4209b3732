import { describe, expect, test } from "vitest";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../../operators/presets/spacecraft-preset.ts";
import type { Order } from "../../../pipeline/orders/order.ts";
import { readOrders } from "../../../pipeline/orders/order-reading.ts";
import { subPoint } from "../../../pipeline/orbit/propagator.ts";
import { sunElevation } from "../../../pipeline/orbit/sun.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import type { Scene } from "../../../pipeline/raster/scene.ts";
import { degrees, later, seconds } from "../../../pipeline/units.ts";
import { planContacts } from "../../../planning/contacts/contact-plan.ts";
import { resolveStations } from "../../../planning/contacts/station-list.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch } from "../../../planning/orbits/walker.ts";
import { cameraReach } from "../../../studies/engine/camera-reach.ts";
import { planOrders, type OrderMission } from "../../../studies/orders/order-planning.ts";

const from = walkerEpoch;
const to = later(from, seconds(86_400));
const none = (): Promise<never> => Promise.reject(new Error("no file"));
const satellites = await resolveConstellation("walker:6/3/1@550km,97.6deg", none, { epoch: from });
const stations = await resolveStations("ksat", none);
const spacecraft = spacecraftOf(findSpacecraftPreset("cubesat-6u") as SpacecraftPreset);
const contacts = planContacts({ satellites, stations, radio: spacecraft.radio, from, to });

/** Scenes of one degree around places, as far as an order needs them. */
const sceneAt = (id: string, longitude: number, latitude: number): Scene =>
  ({
    id,
    width: 100,
    height: 100,
    georeference: {
      crs: "EPSG:4326",
      proj4: "+proj=longlat +datum=WGS84 +no_defs",
      transform: [0.01, 0, longitude - 0.5, 0, -0.01, latitude + 0.5],
    },
  }) as unknown as Scene;

/** A place below a satellite by day, long after the first contacts. */
const sunlit = (satellite: Satellite, after: number): readonly [number, number] => {
  for (let t = after; ; t += 60) {
    const at = later(from, seconds(t));
    const { longitude, latitude } = subPoint(satellite, at);
    if (sunElevation(longitude, latitude, at) > 30 && Math.abs(latitude) < 60) return [longitude, latitude];
  }
};

const [longitude, latitude] = sunlit(satellites[0] as Satellite, 30_000);
const missionOf = (changes: Partial<OrderMission> = {}): OrderMission => ({
  satellites,
  spacecraft,
  contacts,
  protection: "none",
  camera: cameraReach(spacecraft.camera).reach,
  scenes: [sceneAt("below", longitude, latitude)],
  schedule: [],
  scheduled: 0,
  verify: () => null,
  ...changes,
});

const box = (dx: number, dy: number): string =>
  [longitude + dx - 0.03, latitude + dy - 0.03, longitude + dx + 0.03, latitude + dy + 0.03]
    .map((edge) => edge.toFixed(4))
    .join(",");

const ordersOf = (entries: readonly Readonly<Record<string, unknown>>[]): readonly Order[] => {
  const { orders, refused } = readOrders(
    entries.map((entry) => ({ kind: "look", deadline: "24h", ...entry })),
    from,
  );
  expect(refused).toEqual([]);
  return orders;
};

describe("looks of a mission", () => {
  test("rivals over one place are turned to one after the other, each after its order can be on board", () => {
    const orders = ordersOf(
      [0, 1, 2, 3].map((n) => ({ id: `o${n}`, bbox: box(0.1 * n - 0.15, 0.1 * n - 0.15), priority: 1 + n })),
    );
    const { plan, acquisitions } = planOrders({ orders, refused: [] }, missionOf());
    // A cubesat needs 20 s from one to the next, and has a minute: the most urgent are taken.
    expect(acquisitions.map(({ order }) => order).slice(0, 2)).toEqual(["o0", "o1"]);
    expect(acquisitions.every(({ scene }) => scene === "below")).toBe(true);
    for (const { field, got } of plan.refused) expect([field, got]).toEqual(["priority", "looks for o0, o1"]);
    for (const { satellite, at, slew, order } of acquisitions) {
      const first = contacts.contacts.find((contact) => contact.satellite === satellite);
      expect(at - (slew?.seconds ?? 0)).toBeGreaterThan(first?.lockedAt ?? Infinity);
      const others = acquisitions.filter(
        (one) => one.satellite === satellite && one.order !== order && one.at >= at,
      );
      for (const other of others) expect(other.at - (other.slew?.seconds ?? 0)).toBeGreaterThanOrEqual(at);
    }
    expect(acquisitions.some(({ slew }) => (slew?.energy ?? 0) > 0)).toBe(true);
  });

  test("a look goes where the schedule leaves the camera free", () => {
    const orders = ordersOf([{ id: "one", bbox: box(0, 0) }]);
    const [free] = planOrders({ orders, refused: [] }, missionOf()).acquisitions;
    if (free === undefined) throw new RangeError("no look");
    const taken = { index: 0, satellite: free.satellite, scene: "below", at: free.at };
    const blocked = planOrders({ orders, refused: [] }, missionOf({ schedule: [taken], scheduled: 1 }));
    const [moved] = blocked.acquisitions;
    // A cubesat's pass over a place is a minute: where the schedule leaves none of it, the look is taken beside it.
    expect(blocked.plan.refused).toEqual([]);
    expect(moved?.index).toBe(1);
    const elsewhere = { ...taken, at: later(free.at, seconds(600)) };
    const beside = planOrders({ orders, refused: [] }, missionOf({ schedule: [elsewhere], scheduled: 1 }));
    expect(beside.acquisitions).toEqual([{ ...free, index: 1 }]);
  });

  test.each([
    [
      "an area beyond the camera's reach",
      { bbox: box(0, 0), "max-off-nadir": "0", deadline: "9h" },
      /off the vertical at the least .*beyond 0°/,
    ],
    ["an area that no scene shows", { bbox: "0,0,0.1,0.1" }, /^0,0,0.1,0.1$/],
    ["a deadline before anybody flies over", { bbox: box(0, 0), deadline: "600s" }, /./],
    [
      "an area longer than one look",
      {
        bbox: [longitude - 0.05, latitude - 9, longitude + 0.05, latitude + 9]
          .map((edge) => edge.toFixed(3))
          .join(","),
      },
      /longer than one look|off the vertical/,
    ],
  ])("%s is refused with what is in the way", (_, entry, got) => {
    const orders = ordersOf([{ id: "one", ...entry }]);
    const { plan, acquisitions } = planOrders({ orders, refused: [] }, missionOf());
    expect(acquisitions).toEqual([]);
    expect(plan.refused).toHaveLength(1);
    expect(plan.refused[0]?.id).toBe("one");
    expect(plan.refused[0]?.got).toMatch(got);
  });

  test("where all cannot be had, what is urgent is kept and the other told whose looks are in the way", () => {
    const many = Array.from({ length: 12 }, (_, n) => ({
      id: `o${n}`,
      bbox: box(0.12 * (n % 4) - 0.2, 0.12 * Math.floor(n / 4) - 0.2),
      priority: n === 0 ? 9 : 1,
      deadline: `${Math.ceil((30_000 + 4000) / 3600)}h`,
      "max-off-nadir": "20",
    }));
    const { plan, acquisitions } = planOrders({ orders: ordersOf(many), refused: [] }, missionOf());
    expect(acquisitions.length + plan.refused.length).toBe(12);
    for (const { field, got } of plan.refused) {
      expect(["priority", "deadline", "bbox"]).toContain(field);
      expect(got.length).toBeGreaterThan(0);
    }
    expect(degrees(acquisitions.length)).toBeGreaterThan(0);
  });
});
