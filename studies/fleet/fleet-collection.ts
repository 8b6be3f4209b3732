import type { FleetRecord, FlightName } from "../../measure/fleet/fleet-record.ts";
import type { FlownFleet } from "../folder/fleet-files.ts";

/** The records of a fleet as they come, from here and from other shards. */
export interface FleetCollection {
  /** Takes a record in; false when it was there already. */
  readonly add: (flight: FlightName, record: FleetRecord) => boolean;
  readonly isComplete: () => boolean;
  /** In the order of the constellation. Throws `RangeError` for a satellite that is missing. */
  readonly close: () => FlownFleet;
}

/** A collection without records, of these satellites and flights. */
export const openCollection = (
  satellites: readonly string[],
  flights: readonly FlightName[],
): FleetCollection => {
  const found = new Map(flights.map((flight) => [flight, new Map<string, FleetRecord>()]));
  const expected = new Set(satellites);
  return {
    add(flight, record) {
      const records = found.get(flight);
      const { satellite } = record.row;
      if (records === undefined || !expected.has(satellite) || records.has(satellite)) return false;
      records.set(satellite, record);
      return true;
    },
    isComplete: () => [...found.values()].every(({ size }) => size === satellites.length),
    close: () =>
      new Map(
        flights.map((flight) => [
          flight,
          satellites.map((satellite) => {
            const record = found.get(flight)?.get(satellite);
            if (record === undefined) throw new RangeError(`no ledger of ${satellite}`);
            return record;
          }),
        ]),
      ),
  };
};
