import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planContacts } from "../../../planning/contacts/contact-plan.ts";
import { lowestSun } from "../../../planning/overflight.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { resolveStations } from "../../../planning/contacts/station-list.ts";
import type { ContactPlan } from "../../../pipeline/orbit/contact.ts";
import { readOrders } from "../../../pipeline/orders/order-reading.ts";
import type { Scene } from "../../../pipeline/raster/scene.ts";
import {
  bitsPerSecond,
  degrees,
  later,
  metres,
  parseInstant,
  seconds,
  type Instant,
} from "../../../pipeline/units.ts";
import { planOrders, type OrderMission } from "../../../studies/orders/order-planning.ts";
import { sceneOf } from "../../fake-scene.ts";
import { defaultSpacecraft } from "../../mission-fixture.ts";

const from = parseInstant("2026-08-10T00:00:00Z") as Instant;
const to = later(from, seconds(86_400));
const noFile = async (): Promise<string> => {
  throw new Error("no file is read");
};
const satellites = await resolveConstellation("walker:6", noFile, {
  epoch: from,
  strict: false,
  onNote: () => undefined,
});
const stations = await resolveStations("ksat:4", noFile, { strict: false, onNote: () => undefined });
const contacts: ContactPlan = planContacts({
  satellites,
  stations,
  radio: { uplink: bitsPerSecond(256_000), acquisition: seconds(10) },
  from,
  to,
});
/** About 44.3° N, 9.0° E, some 4 km wide. */
const scene: Scene = sceneOf({ id: "genoa", width: 400, height: 400 });
const mission: OrderMission = {
  satellites,
  spacecraft: defaultSpacecraft,
  schedule: [],
  contacts,
  protection: "none",
  camera: { halfSwath: metres(10_000), offNadir: degrees(30), sunAbove: lowestSun },
  scenes: [scene],
  scheduled: 3,
  verify: () => null,
};
const look = { id: "a", kind: "look", bbox: [9, 44.2, 9.05, 44.25], deadline: "24h" };
const plan = (entries: readonly object[], more: Partial<OrderMission> = {}) =>
  planOrders(readOrders(entries, from), { ...mission, ...more });

describe("orders before a mission", () => {
  it("become acquisitions at the end of the schedule, which a contact comes before", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ at: fc.integer({ min: 0, max: 80_000 }), life: fc.integer({ min: 60, max: 86_400 }) }),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        (orders) => {
          const entries = orders.map(({ at, life }, n) => ({
            ...look,
            id: `o${n}`,
            at: `${at + 1}s`,
            deadline: `${life}s`,
          }));
          const planned = plan(entries);
          expect(planned.plan.planned.length + planned.plan.refused.length).toBe(orders.length);
          planned.plan.planned.forEach(({ order, satellite, acquisition }, n) => {
            const taken = planned.acquisitions[n];
            expect(taken).toMatchObject({ index: 3 + n, satellite, scene: "genoa", order: order.id });
            expect(acquisition).toBe(3 + n);
            const at = taken?.at ?? 0;
            expect(at).toBeLessThanOrEqual(order.deadline);
            const told = contacts.contacts.some(
              (one) =>
                one.satellite === satellite &&
                one.lockedAt - one.backhaul >= order.issuedAt &&
                one.lockedAt < at,
            );
            expect(told).toBe(true);
          });
        },
      ),
      { numRuns: 15 },
    );
  });

  it.each([
    [
      "no signature where one is wanted",
      look,
      "signature",
      { verify: () => ({ field: "signature", wanted: "a signature of mission control", got: "none" }) },
    ],
    ["a satellite that is none", { ...look, to: "sputnik" }, "to", {}],
    ["an area that no scene shows", { ...look, bbox: [-30, 0, -29, 1] }, "bbox", {}],
    [
      "an area that nobody flies over",
      look,
      "bbox",
      { camera: { halfSwath: metres(1), offNadir: degrees(0), sunAbove: null } },
    ],
    ["a mission that is over", { ...look, at: "48h" }, "at", {}],
    ["no contact at all", look, "deadline", { contacts: { ...contacts, contacts: [] } }],
  ] as const)("are refused for %s", (_, entry, field, more) => {
    const { plan: made, acquisitions } = plan([entry, { ...look, id: "other" }], more);
    expect(made.refused[0]).toMatchObject({ id: "a", field });
    // What is wrong with one keeps no other waiting, unless it is wrong with all.
    if ((entry as object) !== look) expect(acquisitions.map(({ order }) => order)).toEqual(["other"]);
  });
});
