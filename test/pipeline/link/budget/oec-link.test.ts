import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { carrierToNoiseDensity, anySite } from "../../../../pipeline/link/budget/link-budget.ts";
import { contactLink } from "../../../../pipeline/link/rate/contact-capacity.ts";
import { oecLink, oecLinkFigures } from "../../../../pipeline/link/budget/oec-link.ts";
import { rateAtStations, rateSpans } from "../../../../pipeline/link/rate/link-rate.ts";
import { planContacts } from "../../../../planning/contacts/contact-plan.ts";
import type { Contact, GroundStation } from "../../../../pipeline/orbit/contact.ts";
import { readOrbits } from "../../../../planning/orbits/orbit-file.ts";
import { degrees, instant, later, metres, seconds } from "../../../../pipeline/units.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../golden/link/oec.json", import.meta.url), "utf8"),
) as {
  readonly lines: readonly string[];
  readonly spacing: number;
  readonly byRange: readonly (readonly [range: number, rate: number])[];
  readonly cote: readonly {
    readonly satellites: number;
    readonly stations: number;
    readonly mean: number;
    readonly maximum: number;
  }[];
};

/** cote's rings of stations at ±87°. */
const rings = (count: number): readonly GroundStation[] =>
  [87, -87].flatMap((latitude) =>
    Array.from({ length: count / 2 }, (_, k): GroundStation => ({
      id: `ring-${latitude}-${k}`,
      name: "ring",
      longitude: degrees((((360 * k) / (count / 2) + 180) % 360) - 180),
      latitude: degrees(latitude),
      altitude: metres(0),
      minElevation: degrees(10),
      antennas: 1,
      // cote's dishes are on the next satellite at once.
      turnaround: seconds(0),
    })),
  );

/** Contacts of satellites on one orbit, one `spacing` behind the other, for six hours from their epoch. */
const contactsOf = (count: number, stations: readonly GroundStation[]): readonly Contact[] => {
  const [first] = readOrbits(`flock 3k 3\n${golden.lines.join("\n")}\n`, "planet.tle").satellites;
  const { elements, epoch } = first!;
  const satellites = Array.from({ length: count }, (_, k) => ({
    ...first!,
    id: `flock-${k}`,
    elements: {
      ...elements,
      meanAnomaly: degrees(
        (elements.meanAnomaly + 720 - (k * golden.spacing * elements.meanMotion * 360) / 86_400) % 360,
      ),
    },
  }));
  const to = later(epoch, seconds(6 * 3600));
  return planContacts({
    radio: {},
    satellites,
    stations,
    from: epoch,
    to,
    rule: "earliest",
    minimumContact: seconds(5),
  }).contacts;
};

const rate = { kind: "budget", budget: oecLink, sites: {} } as const;

describe("the OEC cubesat's downlink", () => {
  it("runs at cote's rate at every range, to a bit a second", () => {
    for (const [range, expected] of golden.byRange) {
      const samples = [0, 1].map((at) => ({ at: instant(at), elevation: degrees(30), range: metres(range) }));
      const still: Contact = {
        id: "a.b.0",
        satellite: "a",
        station: "b",
        antenna: 0,
        aos: instant(0),
        lockedAt: instant(0),
        los: instant(1),
        backhaul: seconds(0),
        maxElevation: degrees(30),
        samples,
      };
      const [span] = rateSpans(still, rate);
      expect(Math.abs(span!.rate - expected), `${range} m`).toBeLessThanOrEqual(1);
      const cn0 = carrierToNoiseDensity(oecLink, anySite, metres(range), degrees(30));
      expect(20e6 * Math.log2(1 + 10 ** (cn0 / 10) / 20e6)).toBeCloseTo(expected, -1);
    }
  });

  it("takes cote's system noise: 144.6 K", () => {
    expect(oecLinkFigures.noiseTemperature.value).toBeCloseTo(144.636, 3);
  });

  it.each(golden.cote)(
    "of $satellites satellites over $stations stations: the mean and maximum of active downlinks that cote has",
    ({ satellites, stations: count, mean, maximum }) => {
      const stations = rings(count);
      const contacts = contactsOf(satellites, stations);
      const links = contacts.map((contact) => contactLink(contact, rateAtStations(rate, stations)));
      const time = links.reduce((sum, { linkTime }) => sum + linkTime, 0);
      const ours = (links.reduce((sum, { capacity }) => sum + capacity, 0) * 8) / time;
      const most = Math.max(...links.map((link) => link.most));
      // cote's stations take whom they see with most data, ours who rose first: with 250 satellites that is another choice.
      expect(Math.abs(ours / mean - 1)).toBeLessThan(satellites === 50 ? 0.003 : 0.03);
      expect(Math.abs(most / maximum - 1)).toBeLessThan(1e-4);
      expect(most / 1e6).toBeCloseTo(122.9, 1);
      if (count === 2 && satellites === 50) {
        expect(ours).toBeGreaterThan(84e6);
        expect(ours).toBeLessThan(89e6);
      }
    },
  );
});
