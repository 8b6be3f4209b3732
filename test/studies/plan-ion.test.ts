import { expect, test } from "vitest";
import { contactsFromIon, planToIon } from "../../studies/plan-ion.ts";
import { findSpacecraftPreset } from "../../operators/presets/preset-lookup.ts";
import { spacecraftOf } from "../../operators/presets/spacecraft-preset.ts";
import { bitsPerSecond, instant } from "../../pipeline/units.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { builtinStations } from "../../planning/contacts/station-networks.ts";
import { planCrosslinks } from "../../planning/crosslinks/crosslink-plan.ts";
import { parseWalker } from "../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../planning/orbits/walker.ts";

const from = walkerEpoch;
const to = instant(from + 6 * 3600);
const satellites = walkerSatellites(parseWalker("walker:10/1/0@600km"), from);
const stations = builtinStations.slice(0, 3);
const { radio, crosslink } = spacecraftOf(findSpacecraftPreset("three-body")!);
const plan = planContacts({ satellites, stations, radio, from, to });
const terminals = { ...crosslink!, maxRange: 12e6 as NonNullable<typeof crosslink>["maxRange"] };
const links = planCrosslinks({ satellites, terminals, from, to, topology: "all" });
const rate = { kind: "fixed", rate: bitsPerSecond(8e6) } as const;
const ion = (between: Parameters<typeof planToIon>[0]["between"]): string =>
  planToIon({ satellites, stations, plan, rate, between });

test("a plan goes out and comes back: the same contacts to the second, from lock to loss, with their geometry", () => {
  const notes: string[] = [];
  const text = ion({ plan: links, rate: bitsPerSecond(1e9) });
  const target = { satellites, stations, radio, from, to, onNote: (note: string) => notes.push(note) };
  const { contacts, between } = contactsFromIon(text, "plan.ionrc", target);
  const wanted = plan.contacts.filter(({ lockedAt, los }) => Math.floor(los) > Math.ceil(lockedAt));
  const brief = (list: typeof contacts) =>
    list.map(({ satellite, station }) => `${satellite} ${station}`).toSorted();
  expect(brief(contacts)).toEqual(brief(wanted));
  expect(wanted.length).toBeGreaterThan(5);
  expect(between).toBeGreaterThan(10);
  expect(between).toBe(2 * links.links.length);
  for (const contact of contacts) {
    const known = wanted.find(
      (one) => one.satellite === contact.satellite && Math.abs(one.los - contact.los) < 1,
    )!;
    expect(contact.aos).toBe(Math.ceil(known.lockedAt));
    expect(contact.los).toBe(Math.floor(known.los));
    expect(contact.uplink).toBe(Math.floor(known.uplink! / 8) * 8);
    expect(contact.maxElevation).toBeGreaterThan(4);
    expect(contact.maxElevation).toBeLessThanOrEqual(known.maxElevation + 0.5);
  }
  expect(notes).toEqual([]);
  // 8 Mbit/s are a megabyte a second down; the way up has its own rate.
  expect(text).toMatch(/^a contact \S+ \S+ ([1-9]|10) 1[123] 1000000$/m);
  expect(text).toMatch(/^a range \S+ \S+ 1 2 0\.01\d+$/m);
});

test("what cannot be is named by file and line", () => {
  const notes: string[] = [];
  const target = { satellites, stations, radio, from, to, onNote: (note: string) => notes.push(note) };
  const read = (text: string) => contactsFromIon(text, "plan.ionrc", target);
  expect(() => read("a contact +0 +60 1 99 1000")).toThrow(/plan\.ionrc:1: wanted node 1 … 13 .*got node 99/);
  expect(() => read("# node 1 Nobody\na contact +0 +60 1 11 1000")).toThrow(
    /plan\.ionrc:2: .*got node 1, Nobody/,
  );
  expect(read("a contact +90000 +90060 1 11 1000").contacts).toEqual([]);
  const [first] = plan.contacts;
  const at = Math.floor(first!.aos - from) + 3000;
  const never = `a contact +${at} +${at + 1} ${satellites.findIndex(({ id }) => id === first!.satellite) + 1} ${stations.findIndex(({ id }) => id === first!.station) + 11} 1`;
  expect(read(never).contacts).toEqual([]);
  expect(notes).toEqual([
    "plan.ionrc:1 left out: not within the horizon",
    `plan.ionrc:1 left out: ${first!.satellite} never rises over ${first!.station} then`,
  ]);
});
