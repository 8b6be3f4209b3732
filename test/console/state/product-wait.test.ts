import { describe, expect, it } from "vitest";
import { emptyTable, type Plan } from "../../../console/state/plan.ts";
import type { PolicyRecord } from "../../../console/state/policy-record.ts";
import { waitOf } from "../../../console/state/product-wait.ts";
import { groupRows } from "../../../console/state/sorted.ts";
import { subPoint } from "../../../pipeline/orbit/propagator.ts";
import { instant } from "../../../pipeline/units.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";

const orbits = walkerSatellites(parseWalker("walker:2"), walkerEpoch);
const [a, b] = orbits;
if (a === undefined || b === undefined) throw new Error("two satellites are wanted");

/** A station right under the second satellite a minute after the start, whose antennas follow the first one since 30 s. */
const planWith = (antennas: number, minElevation: number): Plan => {
  const under = subPoint(b, instant(walkerEpoch + 60));
  const station = {
    id: "gs",
    name: "Ground",
    longitude_deg: under.longitude,
    latitude_deg: under.latitude,
    altitude_m: 0,
    min_elevation_deg: minElevation,
    horizon: null,
    antennas,
    turnaround_s: 0,
  };
  const columns = {
    from_s: Float64Array.of(30, 400),
    locked_s: Float64Array.of(35, 405),
    to_s: Float64Array.of(300, 700),
    satellite: Uint16Array.of(0, 1),
    station: Uint16Array.of(0, 0),
  };
  return {
    head: { satellites: ["A", "B"], stations: [station], horizon: { epoch_s: walkerEpoch } },
    orbits,
    contacts: { rows: 2, columns },
    contactsOf: groupRows(columns.satellite, 2),
    contactsAt: groupRows(columns.station, 1),
    longestContact: 300,
  } as unknown as Plan;
};
const record = { tables: { routes: emptyTable("routes") } } as unknown as PolicyRecord;

describe("why a product waits", () => {
  it("is the antenna that follows another satellite, where a station sees this one and has no other", () => {
    expect(waitOf(planWith(1, 5), record, 0, 1, 60)).toEqual({
      why: "antenna",
      station: 0,
      following: 0,
      contact: 1,
      at: 400,
    });
  });

  it("is the next contact where an antenna is free or nothing is seen", () => {
    const next = { why: "contact", contact: 1, at: 400 };
    expect(waitOf(planWith(2, 5), record, 0, 1, 60)).toEqual(next);
    expect(waitOf(planWith(1, 5), record, 0, 1, 10)).toEqual(next);
    expect(waitOf(planWith(1, 5), record, 0, 1, 299)).toMatchObject({ why: "antenna" });
    expect(waitOf(planWith(1, 89.9), record, 0, 1, 299)).toEqual(next);
  });
});
