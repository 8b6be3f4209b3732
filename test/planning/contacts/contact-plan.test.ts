import { beforeAll, describe, expect, test } from "vitest";
import { contactsToCsv, contactsToGeoJson } from "../../../studies/plan-export.ts";
import { planContacts, requireContacts } from "../../../planning/contacts/contact-plan.ts";
import type { ContactPlan, GroundStation } from "../../../pipeline/orbit/contact.ts";
import { describeStale, staleElements } from "../../../planning/orbits/expiry.ts";
import { temeToEcef } from "../../../pipeline/orbit/reference-frame.ts";
import { lookAngles } from "../../../pipeline/orbit/look-angles.ts";
import { findPasses } from "../../../planning/contacts/pass.ts";
import { propagate } from "../../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import { degrees, instant, seconds } from "../../../pipeline/units.ts";
import { builtinStations } from "../../../planning/contacts/station-networks.ts";

const from = walkerEpoch;

const to = instant(from + 86_400);

const satellites = walkerSatellites(parseWalker("walker:12"), walkerEpoch);

// One of them beside the antimeridian, for the ground tracks.
const stations: readonly GroundStation[] = [
  ...builtinStations,
  { ...builtinStations[0]!, id: "Taveuni", longitude: degrees(180), latitude: degrees(-17), antennas: 2 },
];

describe("a contact plan", () => {
  let plan: ContactPlan;
  beforeAll(() => {
    plan = planContacts({ radio: {}, satellites, stations, from, to });
  });

  test("is the same whatever the order of satellites and stations, bit for bit", () => {
    const turned = planContacts({
      radio: {},
      satellites: satellites.toReversed(),
      stations: stations.toReversed(),
      from,
      to,
    });
    expect(JSON.stringify(turned)).toBe(JSON.stringify(plan));
    expect(plan.contacts.length).toBeGreaterThan(200);
  });

  test("its contacts are numbered by pair, in order, inside passes, and obey the antennas", () => {
    const numbers = new Map<string, number>();
    for (const [index, contact] of plan.contacts.entries()) {
      const pair = `${contact.satellite}.${contact.station}`;
      expect(contact.id).toBe(`${pair}.${numbers.get(pair) ?? 0}`);
      numbers.set(pair, (numbers.get(pair) ?? 0) + 1);
      expect(contact.aos).toBeGreaterThanOrEqual(plan.contacts[index - 1]?.aos ?? from);
      expect(contact.los).toBeLessThanOrEqual(to);
      expect(contact.los - contact.aos).toBeGreaterThanOrEqual(30);

      const passes = findPasses(
        satellites.find(({ id }) => id === contact.satellite)!,
        stations.find(({ id }) => id === contact.station)!,
        from,
        to,
      );
      const pass = passes.find(({ aos, los }) => aos <= contact.aos && contact.los <= los)!;
      // The curve of a part of a pass is another one, some metres off.
      expect(contact.maxElevation).toBeLessThanOrEqual(pass.maxElevation + 2e-3);
      for (const other of plan.contacts.slice(index + 1)) {
        if (other.aos >= contact.los) break;
        expect(other.satellite).not.toBe(contact.satellite);
        if (other.station === contact.station) expect(other.antenna).not.toBe(contact.antenna);
      }
    }
  });

  test("samples span each contact at most 10 s apart and agree with SGP4", () => {
    for (const { satellite, station, samples, aos, los, maxElevation } of plan.contacts) {
      expect(samples[0]!.at).toBe(aos);
      expect(samples.at(-1)!.at).toBe(los);
      expect(samples.some(({ at }, i) => i > 0 && at - samples[i - 1]!.at > 10 + 1e-6)).toBe(false);
      for (const { at, elevation, range } of [samples[0]!, samples[Math.floor(samples.length / 2)]!]) {
        const state = propagate(
          satellites.find(({ id }) => id === satellite)!,
          at,
        );
        const look = lookAngles(
          stations.find(({ id }) => id === station)!,
          temeToEcef(state.position, at),
        );
        expect(Math.abs(look.elevation - elevation)).toBeLessThan(2e-3);
        expect(Math.abs(look.range - range)).toBeLessThan(20);
        expect(elevation).toBeGreaterThan(5 - 1e-3);
        expect(elevation).toBeLessThan(maxElevation + 2e-3);
      }
    }
  });

  test("two antennas serve more than one", () => {
    const two = stations.map((station) => ({ ...station, antennas: 2 }));
    const total = ({ contacts }: ContactPlan): number =>
      contacts.reduce((sum, c) => sum + (c.los - c.aos), 0);
    expect(total(planContacts({ radio: {}, satellites, stations: two, from, to }))).toBeGreaterThan(
      total(plan),
    );
  });

  test("as CSV: a header and one line a contact, numbers in the units of the names", () => {
    const lines = contactsToCsv(plan).split("\r\n");
    expect(lines[0]).toBe(
      "contact,satellite,station,antenna,aos_utc,los_utc,duration_s,max_elevation_deg,min_range_km",
    );
    expect(lines.length).toBe(plan.contacts.length + 2);
    const [id, satellite, , , aos, los, duration] = lines[1]!.split(",");
    expect([id, satellite]).toEqual([plan.contacts[0]!.id, plan.contacts[0]!.satellite]);
    expect((Date.parse(los!) - Date.parse(aos!)) / 1000).toBeCloseTo(Number(duration), 2);
  });

  test("as GeoJSON: stations, and ground tracks that never jump across the map", () => {
    const { features } = JSON.parse(contactsToGeoJson(plan, satellites, stations)) as {
      features: readonly {
        geometry: { type: string; coordinates: unknown };
        properties: Record<string, unknown>;
      }[];
    };
    expect(features.length).toBe(stations.length + plan.contacts.length);
    expect(features[0]!.geometry).toEqual({ type: "Point", coordinates: [15.39, 78.23, 450] });
    let cut = 0;
    for (const { geometry, properties } of features.slice(stations.length)) {
      expect(properties["duration_s"]).toBeGreaterThan(0);
      if (geometry.type === "MultiLineString") cut++;
      const parts = (
        geometry.type === "MultiLineString" ? geometry.coordinates : [geometry.coordinates]
      ) as readonly (readonly (readonly [number, number])[])[];
      for (const part of parts) {
        const jumps = part.some(
          ([longitude], i) =>
            Math.abs(longitude) > 180 || Math.abs(longitude - (part[i - 1]?.[0] ?? longitude)) > 180,
        );
        expect(part.length > 1 && !jumps, JSON.stringify(part)).toBe(true);
      }
    }
    expect(cut).toBeGreaterThan(3);
  });

  test("progress is told, and a signal stops it", () => {
    const seen: number[] = [];
    planContacts({ radio: {}, satellites, stations, from, to, onProgress: (done) => seen.push(done) });
    expect(seen).toEqual(satellites.map((_, i) => i + 1));
    const stop = new AbortController();
    const request = {
      radio: {},
      satellites,
      stations,
      from,
      to,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error("enough")),
    };
    expect(() => planContacts(request)).toThrow("enough");
  });
});

describe("what cannot be planned", () => {
  const [satellite] = satellites as readonly [Satellite];

  test("an empty horizon and a name used twice are wrong use", () => {
    expect(() => planContacts({ radio: {}, satellites, stations, from: to, to: from })).toThrow(
      /horizon .* is empty/,
    );
    expect(() => planContacts({ radio: {}, satellites: [satellite, satellite], stations, from, to })).toThrow(
      /satellite id "walker-1-1" stands twice/,
    );
  });

  test.each([
    [{ minElevation: 95 }, /stations\["Svalbard"\]\.minElevation in degrees: wanted 0 … 90, got 95/],
    [{ minElevation: Number.NaN }, /minElevation in degrees: wanted 0 … 90, got NaN/],
    [{ latitude: 91 }, /\.latitude in degrees: wanted -90 … 90, got 91/],
    [{ altitude: 1e6 }, /\.altitude in metres: wanted -500 … 6000, got 1000000/],
    [{ antennas: -1 }, /\.antennas: wanted 0 … 1000, got -1/],
  ])("a station with %o is refused by path and range", (change, message) => {
    const station = { ...builtinStations[0]!, id: "Svalbard", ...change } as GroundStation;
    expect(() => planContacts({ radio: {}, satellites: [satellite], stations: [station], from, to })).toThrow(
      message,
    );
  });

  test.each([
    [{ eccentricity: 1 }, /satellites\["walker-1-1"\]\.elements\.eccentricity: wanted 0 ≤ e < 1, got 1$/m],
    [{ eccentricity: -0.1 }, /eccentricity: wanted 0 ≤ e < 1, got -0.1/],
    [
      { meanMotion: -15 },
      /elements\.meanMotion: wanted more than 0 and at most 18 revolutions a day, got -15/,
    ],
  ])("elements with %o are refused by path and range", (change, message) => {
    const open = { ...satellite, elements: { ...satellite.elements, ...change } } as Satellite;
    expect(() => planContacts({ radio: {}, satellites: [open], stations, from, to })).toThrow(message);
  });

  test("a station twice is refused by name", () => {
    const twice = [builtinStations[0]!, builtinStations[0]!];
    expect(() => planContacts({ radio: {}, satellites: [satellite], stations: twice, from, to })).toThrow(
      /station id "\w+" stands twice in the contact request: wanted every station once/,
    );
  });

  test("no contact at all is said, with a way on", () => {
    const steep = { ...builtinStations[0]!, minElevation: degrees(89.9) };
    const plan = planContacts({ radio: {}, satellites: [satellite], stations: [steep], from, to });
    expect(plan.contacts).toEqual([]);
    expect(() => requireContacts(plan)).toThrow(
      /no contact between 2026-01-01T00:00:00.000Z and 2026-01-02.*lower mask/,
    );
  });

  test("elements 20 days old are warned of, 70 days old refused", () => {
    const late = (days: number) => [instant(from + days * 86_400), instant(to + days * 86_400)] as const;
    expect(staleElements([satellite], from, to)).toEqual([]);
    const [warning] = staleElements([satellite], ...late(20));
    expect(warning).toEqual({ satellite: "walker-1-1", epoch: walkerEpoch, age: 21 * 86_400 });
    expect(describeStale(warning!)).toMatch(/walker-1-1 are of 2026-01-01.* 21.0 days/);
    expect(staleElements([satellite], instant(from - 16 * 86_400), to).length).toBe(1);
    expect(() => staleElements([satellite], ...late(70))).toThrow(
      /"walker-1-1" have expired for the horizon 2026-03-12.*wanted an epoch within 60.0 days, got 2026-01-01.*70.0 days/,
    );
  });

  test("a satellite that decays in the horizon is named", () => {
    const falling = { ...satellite, name: "FALLING", elements: { ...satellite.elements, drag: 0.5 } };
    expect(() =>
      planContacts({ radio: {}, satellites: [falling], stations, from, to: instant(from + 20 * 86_400) }),
    ).toThrow(/no orbit for satellite "FALLING" at 2026-01-.* elements of 2026-01-01/);
  });

  test("a short contact has to be asked for", () => {
    const request = { satellites, stations, from, to };
    const all = planContacts({ radio: {}, ...request, minimumContact: seconds(0) }).contacts;
    const long = planContacts({ radio: {}, ...request, minimumContact: seconds(300) }).contacts;
    expect(all.some(({ aos, los }) => los - aos < 300)).toBe(true);
    expect(long.every(({ aos, los }) => los - aos >= 300)).toBe(true);
  });
});
