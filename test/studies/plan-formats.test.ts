import { describe, expect, test } from "vitest";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { contactShares } from "../../planning/contacts/contact-shares.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { propagateEcefInto } from "../../pipeline/orbit/propagator.ts";
import { degrees, instant, metres, parseInstant, seconds } from "../../pipeline/units.ts";
import { planToCzml } from "../../studies/plan-czml.ts";
import { planToKml } from "../../studies/plan-kml.ts";
import { planToOem } from "../../studies/plan-oem.ts";
import type { Planned } from "../../studies/plan.ts";

const noFile = (): Promise<string> => Promise.reject(new Error("no file is read"));

const planned = async (): Promise<Planned> => {
  const satellites = await resolveConstellation("walker:2", noFile);
  const stations = await resolveStations("ksat", noFile);
  const from = parseInstant("2026-01-01T00:00:00Z")!;
  const plan = planContacts({ satellites, stations, radio: {}, from, to: instant(from + 3 * 3600) });
  const targets = {
    dataset: "ships",
    seen: [
      {
        scene: "genoa & <port>",
        place: { longitude: degrees(8.9), latitude: degrees(44.4) },
        satellite: satellites[0]!.id,
        at: instant(from + 500),
        sun: degrees(31),
        offTrack: metres(61_000),
        heard: { station: "svalbard", after: seconds(100) },
      },
    ],
    unseen: [],
    assumed: [],
  };
  return {
    satellites,
    stations,
    plan,
    shares: contactShares(satellites, plan.contacts),
    links: null,
    targets,
    between: null,
  };
};

describe("formats of a plan", () => {
  test("CZML: a packet a satellite, station, target and pair in contact; positions are those of the propagator", async () => {
    const all = await planned();
    const packets = JSON.parse(planToCzml(all)) as readonly {
      readonly id: string;
      readonly position?: { readonly cartesian?: readonly number[] };
      readonly polyline?: { readonly show: readonly { readonly boolean: boolean }[] };
    }[];
    expect(packets[0]?.id).toBe("document");
    const pairs = new Set(all.plan.contacts.map(({ satellite, station }) => `${satellite}/${station}`));
    expect(pairs.size).toBeGreaterThan(0);
    expect(packets).toHaveLength(1 + all.satellites.length + all.stations.length + 1 + pairs.size);
    const shown = packets.flatMap(({ polyline }) => polyline?.show.filter(({ boolean }) => boolean) ?? []);
    expect(shown).toHaveLength(all.plan.contacts.length);
    const [satellite] = all.satellites;
    const cartesian =
      packets.find(({ id }) => id === `satellite/${satellite!.id}`)?.position?.cartesian ?? [];
    const truth = new Float64Array(6);
    for (const i of [0, 4 * 37, cartesian.length - 4]) {
      propagateEcefInto(satellite!, instant(all.plan.from + cartesian[i]!), truth, 0);
      for (const axis of [0, 1, 2])
        expect(Math.abs(cartesian[i + 1 + axis]! - truth[axis]!)).toBeLessThan(40);
    }
  });

  test("OEM: a segment a satellite, states every minute over the whole plan, lengths of a low orbit in km", async () => {
    const all = await planned();
    const text = planToOem(all, instant(0));
    expect(text.startsWith("CCSDS_OEM_VERS = 2.0\nCREATION_DATE = 1970-01-01T00:00:00")).toBe(true);
    expect(text.match(/META_START/g)).toHaveLength(all.satellites.length);
    const states = text.split("\n").filter((line) => /^\d{4}-/.test(line));
    expect(states).toHaveLength(all.satellites.length * 181);
    for (const line of states) {
      const [, ...numbers] = line.split(" ");
      const [x, y, z, vx, vy, vz] = numbers.map(Number) as [number, number, number, number, number, number];
      expect(Math.hypot(x, y, z)).toBeGreaterThan(6500);
      expect(Math.hypot(x, y, z)).toBeLessThan(8000);
      expect(Math.hypot(vx, vy, vz)).toBeGreaterThan(7);
    }
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(254);
  });

  test("KML: well-formed, a placemark a station, target and contact", async () => {
    const all = await planned();
    const text = planToKml(all);
    expect(text.match(/<Placemark>/g)).toHaveLength(all.stations.length + 1 + all.plan.contacts.length);
    expect(text).toContain("genoa &amp; &lt;port&gt;");
    const open: string[] = [];
    for (const [, slash, name = ""] of text.matchAll(/<(\/?)([A-Za-z]+)[^>?]*>/g)) {
      if (!slash) open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });
});
