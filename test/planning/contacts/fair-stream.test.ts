import fc from "fast-check";
import { expect, test } from "vitest";
import { allotRows, defaultAllotment, ranksOf, sortForTurns } from "../../../planning/contacts/antenna.ts";
import { planContacts } from "../../../planning/contacts/contact-plan.ts";
import { searchPiece, streamContacts } from "../../../planning/contacts/contact-stream.ts";
import { openFairStream } from "../../../planning/contacts/fair-stream.ts";
import { appendPass, field, newPassTable, passFields } from "../../../planning/contacts/pass-table.ts";
import { builtinStations } from "../../../planning/contacts/station-networks.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import type { GroundStation } from "../../../pipeline/orbit/contact.ts";
import { degrees, later, metres, seconds } from "../../../pipeline/units.ts";

const station = (id: string, antennas: number): GroundStation => ({
  id,
  name: id,
  longitude: degrees(0),
  latitude: degrees(0),
  altitude: metres(0),
  minElevation: degrees(5),
  antennas,
});

// Not in the order of their names: ties between stations go by name.
const stations = [station("b", 1), station("a", 2), station("c", 0)];

const pass = fc.record({
  satellite: fc.integer({ min: 0, max: 7 }),
  station: fc.integer({ min: 0, max: 2 }),
  aos: fc.integer({ min: 0, max: 2000 }),
  length: fc.integer({ min: 1, max: 600 }),
  elevation: fc.integer({ min: 5, max: 12 }),
});

test("satellite by satellite, antennas are allotted as they are to all passes at once", () => {
  fc.assert(
    fc.property(fc.array(pass, { maxLength: 60 }), (drawn) => {
      const options = { minimumContact: seconds(30), turnaround: seconds(20) };
      const all = newPassTable();
      const stream = openFairStream(stations, options);
      for (let satellite = 0; satellite < 8; satellite++) {
        const own = newPassTable();
        const first = all.count;
        for (const one of drawn.filter((some) => some.satellite === satellite)) {
          const { station: at, aos, length, elevation } = one;
          for (const table of [own, all])
            appendPass(table, satellite, at, aos, aos + length, aos + length / 2, elevation);
        }
        sortForTurns(all, first, ranksOf(stations.map(({ id }) => id)));
        stream.offer(satellite, own);
      }
      const names = Array.from({ length: 8 }, (_, n) => `s${n}`);
      const whole = allotRows(all, names, stations, { ...defaultAllotment, ...options, rule: "fair" });
      const { passes, rows } = stream.close();
      const told = (table: typeof all, row: number) => [
        ...table.rows.subarray(row * passFields, (row + 1) * passFields),
      ];
      expect(rows.map(({ row, ...rest }) => ({ ...rest, pass: told(passes, row) }))).toEqual(
        whole.map(({ row, ...rest }) => ({ ...rest, pass: told(all, row) })),
      );
    }),
  );
});

test("a plan that is streamed is the plan, and every pass is seen once", async () => {
  const satellites = walkerSatellites(
    { total: 60, planes: 6, phasing: 1, altitude: metres(550_000), inclination: degrees(97) },
    walkerEpoch,
  ).toReversed();
  const request = {
    satellites,
    stations: builtinStations,
    radio: {},
    from: walkerEpoch,
    to: later(walkerEpoch, seconds(4 * 3600)),
  };
  const seen = new Set<number>();
  let count = 0;
  const streamed = await streamContacts(request, {
    async *search(pieces) {
      for (const piece of pieces) yield searchPiece(piece);
    },
    async onPasses(passes) {
      count += passes.count;
      for (let row = 0; row < passes.count; row++)
        seen.add(passes.rows[row * passFields + field.satellite] as number);
    },
  });
  const plan = planContacts(request);
  expect(streamed).toEqual(plan);
  expect(plan.contacts.length).toBeGreaterThan(20);
  expect(count).toBeGreaterThanOrEqual(plan.contacts.length);
  expect(seen.size).toBeGreaterThan(40);
});
