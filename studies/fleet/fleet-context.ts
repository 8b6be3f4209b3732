import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { FleetContext } from "../../measure/fleet/fleet-record.ts";
import type { ContactRoom } from "../../measure/verdicts/satellite-use.ts";
import { bitsAvailable } from "../../pipeline/link/rate/link-rate.ts";
import { bytes, instant } from "../../pipeline/units.ts";

/** What records of a fleet are made from besides the satellites' books. */
export const fleetContext = ({
  tenancy,
  contacts,
  acquisitions,
  rate,
  spacecraft,
}: SimulationPlan): FleetContext => {
  const byId = new Map(contacts.contacts.map((contact) => [contact.id, contact]));
  const rooms = new Map<string, ContactRoom[]>();
  for (const contact of contacts.contacts) {
    const { satellite, aos: from, los: to } = contact;
    const own = rooms.get(satellite) ?? [];
    own.push({ from, to, couldCarry: bytes(bitsAvailable(contact, rate, from, to) / 8) });
    rooms.set(satellite, own);
  }
  return {
    horizonEnd: contacts.to,
    takenAt: (acquisition) => acquisitions[acquisition]?.at ?? instant(Number.NaN),
    ordered: new Set(acquisitions.flatMap(({ index, order }) => (order === undefined ? [] : [index]))),
    isBilled: tenancy !== undefined,
    contactOf: (id) => byId.get(id),
    roomsOf: (satellite) => rooms.get(satellite) ?? [],
    storeCapacity: spacecraft.store.capacity,
    computer: spacecraft.computer,
  };
};
