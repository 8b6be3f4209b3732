import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import type { Crosslink } from "../../../pipeline/orbit/crosslink.ts";
import { bitsPerSecond, bytes, degrees, instant, metres, seconds } from "../../../pipeline/units.ts";
import { followTips, type CueMission, type Tip } from "../../../planning/cues/cue-plan.ts";
import { centre, indexLinks, spreadFrom, type KnowledgeSize } from "../../../planning/cues/knowledge.ts";
import { drawCase } from "../looks/look-case.ts";

const size: KnowledgeSize = { down: bytes(1000), up: bytes(100), across: bytes(100) };
const rate = { kind: "fixed", rate: bitsPerSecond(80_000) } as const;

const contactOf = (n: number, satellite: string, aos: number, length: number): Contact => ({
  id: `c${n}`,
  satellite,
  station: "station",
  antenna: 0,
  aos: instant(aos),
  lockedAt: instant(aos + 5),
  los: instant(aos + length),
  uplink: bitsPerSecond(10_000),
  backhaul: seconds(1),
  maxElevation: degrees(40),
  samples: [
    { at: instant(aos), elevation: degrees(5), range: metres(1e6) },
    { at: instant(aos + length), elevation: degrees(5), range: metres(1e6) },
  ],
});

const linkOf = (n: number, a: string, b: string, from: number, length: number): Crosslink => ({
  id: `l${n}`,
  a,
  b,
  terminalA: 0,
  terminalB: 0,
  pointingFrom: instant(from - 10),
  from: instant(from),
  to: instant(from + length),
  minRange: metres(1e6),
  maxRange: metres(2e6),
});

const names = ["a", "b", "c", "d"] as const;

/** Links of four satellites, drawn. */
const network = fc
  .record({
    contacts: fc.array(
      fc.record({
        satellite: fc.constantFrom(...names),
        aos: fc.integer({ min: 0, max: 900 }),
        length: fc.integer({ min: 3, max: 60 }),
      }),
      { maxLength: 12 },
    ),
    links: fc.array(
      fc.record({
        pair: fc.constantFrom(["a", "b"], ["b", "c"], ["a", "d"], ["c", "d"]),
        from: fc.integer({ min: 0, max: 900 }),
        length: fc.integer({ min: 1, max: 200 }),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ contacts, links }) => ({
    contacts: contacts
      .map(({ satellite, aos, length }, n) => contactOf(n, satellite, aos, length))
      .toSorted((a, b) => a.aos - b.aos),
    links: links
      .map(({ pair: [a = "a", b = "b"], from, length }, n) => linkOf(n, a, b, from, length))
      .toSorted((a, b) => a.from - b.from),
  }));

const indexOf = ({
  contacts,
  links,
}: {
  readonly contacts: readonly Contact[];
  readonly links: readonly Crosslink[];
}) => {
  const [from, to] = [instant(0), instant(2000)];
  return indexLinks({
    contacts: { from, to, contacts },
    rate,
    crosslinks: { plan: { from, to, links }, rate: bitsPerSecond(1e6) },
  });
};

describe("knowledge", () => {
  test("nothing is known before a contact or a crosslink brought it", () => {
    fc.assert(
      fc.property(
        network,
        fc.constantFrom(...names),
        fc.integer({ min: 0, max: 500 }),
        (drawn, source, at) => {
          const known = spreadFrom(indexOf(drawn), source, instant(at), size);
          const links = new Map([...drawn.contacts, ...drawn.links].map((link) => [link.id, link]));
          for (const node of [...names, centre]) {
            const way = known.way(node);
            if (node === source) expect(known.at(node)).toBe(at);
            else if (known.at(node) === null) expect(way).toEqual([]);
            else expect(way.at(-1)?.at).toBe(known.at(node));
            way.forEach((step, n) => {
              const before = way[n - 1];
              expect(step.from).toBe(before?.to ?? source);
              expect(step.sentAt).toBeGreaterThanOrEqual(before?.at ?? at);
              expect(step.at).toBeGreaterThan(step.sentAt);
              const link = links.get(step.link);
              if (link === undefined) throw new RangeError(step.link);
              if ("lockedAt" in link) {
                expect(step.sentAt).toBeGreaterThanOrEqual(link.lockedAt);
                expect(step.sentAt).toBeLessThan(link.los);
                // What goes up in a contact left the centre before it opened.
                if (step.kind === "up")
                  expect(before?.at ?? at).toBeLessThanOrEqual(link.lockedAt - link.backhaul);
              } else {
                expect(step.sentAt).toBeGreaterThanOrEqual(link.from);
                expect(step.sentAt).toBeLessThanOrEqual(link.to);
              }
            });
          }
        },
      ),
    );
  });

  test("everybody has it as early as any order of links allows", () => {
    fc.assert(
      fc.property(
        network,
        fc.constantFrom(...names),
        fc.integer({ min: 0, max: 500 }),
        (drawn, source, at) => {
          const known = spreadFrom(indexOf(drawn), source, instant(at), size);
          // Each link again and again, until nothing comes earlier any more.
          const first = new Map<string, number>([[source, at]]);
          const time = (node: string): number => first.get(node) ?? Infinity;
          const improve = (node: string, t: number): boolean => {
            if (t >= time(node) - 1e-9) return false;
            first.set(node, t);
            return true;
          };
          const light = 1e6 / 299_792_458;
          for (let changed = true; changed;) {
            changed = false;
            for (const { satellite, lockedAt, los } of drawn.contacts) {
              if (lockedAt >= los) continue;
              const sent = Math.max(time(satellite), lockedAt) + (8 * size.down) / 80_000;
              if (sent <= los + 1e-9) changed = improve(centre, sent + light + 1) || changed;
              const heard = lockedAt + (8 * size.up) / 10_000 + light;
              if (time(centre) <= lockedAt - 1 && heard <= los)
                changed = improve(satellite, heard) || changed;
            }
            for (const { a, b, from, to } of drawn.links) {
              for (const [one, other] of [
                [a, b],
                [b, a],
              ] as const) {
                const sent = Math.max(time(one), from) + (8 * size.across) / 1e6;
                if (sent <= to) changed = improve(other, sent + 2 * light) || changed;
              }
            }
          }
          for (const node of [...names, centre])
            expect(known.at(node) ?? Infinity).toBeCloseTo(time(node), 6);
        },
      ),
    );
  });
});

test("a follower turns only once it has been told, its looks keep apart, and more links never mean later", async () => {
  const { requests, satellites } = await drawCase({
    seed: 7,
    constellation: "walker:6/2/1@550km,97.6deg",
    orders: 40,
    hours: 12,
    regions: 2,
    duty: 6000,
    storeLooks: 640,
    isLanding: false,
  });
  const start = satellites[0]?.ephemeris.from ?? instant(0);
  const ids = satellites.map(({ satellite }) => satellite);
  const contacts = ids
    .flatMap((id, n) =>
      [0, 1, 2, 3, 4, 5, 6].map((k) => contactOf(10 * n + k, id, start + 700 * n + 5700 * k, 500)),
    )
    .toSorted((a, b) => a.aos - b.aos);
  const links = ids.slice(1).map((id, n) => linkOf(n, ids[n] as string, id, start, 40_000));
  const tips = requests.flatMap(({ id, area, opportunities: [first] }): readonly Tip[] =>
    first === undefined
      ? []
      : [{ id, satellite: first.satellite, takenAt: first.best, readyAt: instant(first.best + 5), area }],
  );
  expect(tips.length).toBeGreaterThan(10);
  const plan = { from: start, to: instant(start + 60_000) };
  const missionOf = (isLinked: boolean): CueMission => ({
    by: "any",
    within: seconds(4 * 3600),
    satellites,
    links: indexLinks({
      contacts: { ...plan, contacts },
      rate,
      crosslinks: isLinked ? { plan: { ...plan, links }, rate: bitsPerSecond(1e6) } : null,
    }),
    cue: size,
    result: size,
    processing: seconds(2),
    bytes: bytes(1000),
  });
  const [ground, linked] = [followTips(tips, missionOf(false)), followTips(tips, missionOf(true))];
  const followedOf = (outcomes: typeof ground) => outcomes.filter(({ look }) => look !== null).length;
  expect(followedOf(linked)).toBeGreaterThanOrEqual(followedOf(ground));
  expect(followedOf(linked)).toBeGreaterThan(0);
  for (const outcomes of [ground, linked]) {
    outcomes.forEach(({ look, confirmedAt, why }, n) => {
      const tip = tips[n] as Tip;
      expect((look === null) !== (why === null)).toBe(true);
      if (look === null) return;
      expect(look.toldAt).toBe(look.way.at(-1)?.at ?? tip.readyAt);
      expect(look.start).toBeGreaterThanOrEqual(look.toldAt + look.slew);
      expect(look.end).toBeLessThanOrEqual(tip.takenAt + 4 * 3600);
      if (confirmedAt !== null) expect(confirmedAt).toBeGreaterThan(look.end + 2);
    });
    for (const id of ids) {
      const own = outcomes
        .flatMap(({ look }) => (look?.satellite === id ? [look] : []))
        .toSorted((a, b) => a.start - b.start);
      own.slice(1).forEach((look, n) => expect(look.start).toBeGreaterThanOrEqual(own[n]?.end ?? 0));
    }
  }
});
