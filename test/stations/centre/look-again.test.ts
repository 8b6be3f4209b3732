import { describe, expect, test } from "vitest";
import type { Acquisition } from "../../../pipeline/orbit/acquisition.ts";
import type { OrderNamed } from "../../../pipeline/orders/order.ts";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import { degrees, instant, seconds } from "../../../pipeline/units.ts";
import { LookAgain, type LookPlanner } from "../../../stations/centre/look-again.ts";
import { OrderDesk } from "../../../stations/centre/order-desk.ts";
import { planOf } from "../../mission-fixture.ts";

const order: OrderNamed<"look"> = {
  id: "port",
  tenant: "mission",
  to: null,
  issuedAt: instant(0),
  deadline: instant(1000),
  priority: 5,
  signature: null,
  kind: "look",
  body: { bbox: [5, 43, 6, 44], maxOffNadir: null },
};
const first: Acquisition = { index: 0, satellite: "a", scene: "here", at: instant(100), order: "port" };

const contact: Contact = {
  id: "c1",
  satellite: "a",
  station: "station",
  antenna: 0,
  aos: instant(30),
  lockedAt: instant(31),
  los: instant(60),
  backhaul: seconds(1),
  maxElevation: degrees(20),
  samples: [],
};

const centre = (plan: LookPlanner, more: Partial<OrderNamed<"look">> = {}) => {
  const planned = [{ order: { ...order, ...more }, satellite: "a", acquisition: 0 }];
  const base = planOf([]);
  const contacts = { ...base.contacts, contacts: [contact] };
  const mission = { ...base, contacts, acquisitions: [first], orders: { planned, refused: [] } };
  const desk = new OrderDesk(mission);
  const schedule: Acquisition[] = [first];
  const again = new LookAgain(mission, {
    plan,
    desk,
    schedule: () => schedule,
    add: (one) => {
      const numbered = { ...one, index: schedule.length };
      schedule.push(numbered);
      return numbered;
    },
  });
  return { desk, again, schedule };
};

const next: LookPlanner = (_order, now) => ({
  satellite: "b",
  look: { scene: "here", at: instant(now + 300) },
});

describe("looks whose orders are lost", () => {
  test("are planned again at the moment of the overflight, and again if that one is lost, until the deadline", () => {
    const { again, schedule } = centre(next);
    expect(again.nextAt).toBe(100);
    again.decide(instant(99));
    expect(again.planned).toEqual([]);
    again.decide(instant(100));
    expect(again.planned).toEqual([{ order, satellite: "b", acquisition: 1 }]);
    expect(schedule[1]).toMatchObject({ satellite: "b", at: 400, order: "port" });
    for (let t = again.nextAt; t !== Infinity; t = again.nextAt) again.decide(instant(t));
    expect(schedule.map(({ at }) => at)).toEqual([100, 400, 700, 1000]);
  });

  test("are not where the satellite has acknowledged them, the deadline has passed, or nobody can take them", () => {
    const heard = centre(next);
    heard.desk.answered({
      contact: contact.id,
      answers: [{ id: "port", answer: { answer: "accepted", at: instant(40) }, toldAt: instant(50) }],
    });
    heard.again.decide(instant(100));
    expect(heard.again.planned).toEqual([]);
    const late = centre(next, { deadline: instant(100) });
    late.again.decide(instant(100));
    expect(late.again.planned).toEqual([]);
    const nobody = centre(() => null);
    nobody.again.decide(instant(100));
    expect(nobody.again.planned).toEqual([]);
  });
});
