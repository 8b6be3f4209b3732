import { SwathError } from "../pipeline/errors.ts";
import { speedOfLight } from "../pipeline/link/budget/free-space.ts";
import { contactLink } from "../pipeline/link/rate/contact-capacity.ts";
import type { LinkRate } from "../pipeline/link/rate/link-rate.ts";
import type { ContactRadio } from "../pipeline/mission/contact-terms.ts";
import type { Contact, ContactPlan, GroundStation } from "../pipeline/orbit/contact.ts";
import type { CrosslinkPlan } from "../pipeline/orbit/crosslink.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { seconds, type BitsPerSecond, type BytesPerSecond, type Instant } from "../pipeline/units.ts";
import { givenContacts, type GivenWindow } from "../planning/contacts/given-contacts.ts";
import { readIonPlan, writeIonPlan, type IonContact, type IonRange } from "../planning/contacts/ion-plan.ts";

/** Links between satellites, and what they run at. */
export interface BetweenSatellites {
  readonly plan: CrosslinkPlan;
  readonly rate: BitsPerSecond;
}

/** What an ionrc file is made from. */
export interface IonSource {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly plan: ContactPlan;
  readonly rate: LinkRate;
  readonly between: BetweenSatellites | null;
}

const bytesOf = (rate: number): BytesPerSecond => (rate / 8) as BytesPerSecond;

/** Light takes so long at the farthest of a contact: an arrival is never later than ION expects. */
const lightOf = ({ samples }: Contact): number =>
  samples.reduce((most, { range }) => Math.max(most, range), 0) / speedOfLight;

/**
 * A plan as commands to ionadmin. Satellites are nodes 1, 2, … in their order, stations follow. A contact is one way from its lock to its loss, at the mean
 * rate of that time, and another way up at the rate of the uplink where there is one; a link between satellites two ways. Ranges are those at
 * the farthest of each.
 */
export const planToIon = ({ satellites, stations, plan, rate, between }: IonSource): string => {
  const nodes = [...satellites, ...stations].map(({ id }) => id);
  const numberOf = new Map(nodes.map((id, index) => [id, index + 1]));
  const number = (id: string): number => numberOf.get(id) as number;
  const contacts: IonContact[] = [];
  const ranges: IonRange[] = [];
  const both = { confidence: 1, line: 0 };
  for (const contact of plan.contacts) {
    const { satellite, station, lockedAt: start, los: stop, uplink } = contact;
    if (!(stop > start)) continue;
    const [from, to] = [number(satellite), number(station)];
    // Differences of instants have a grain, which a plain rate has not.
    const mean = rate.kind === "fixed" ? rate.rate / 8 : contactLink(contact, rate).capacity / (stop - start);
    contacts.push({ from, to, start, stop, rate: mean as BytesPerSecond, ...both });
    if (uplink !== undefined)
      contacts.push({ from: to, to: from, start, stop, rate: bytesOf(uplink), ...both });
    ranges.push({ a: from, b: to, start, stop, light: seconds(lightOf(contact)) });
  }
  for (const { a, b, from: start, to: stop, maxRange, rates } of between?.plan.links ?? []) {
    if (!(stop > start)) continue;
    const [one, other] = [number(a), number(b)];
    const bits = rates?.reduce((sum, span) => sum + span.rate * (span.to - span.from), 0);
    const bitRate = bits === undefined ? (between?.rate ?? 0) : bits / (stop - start);
    const way = { start, stop, rate: bytesOf(bitRate), ...both };
    contacts.push({ from: one, to: other, ...way }, { from: other, to: one, ...way });
    ranges.push({ a: one, b: other, start, stop, light: seconds(maxRange / speedOfLight) });
  }
  const names = new Map(nodes.map((id, index) => [index + 1, id]));
  return writeIonPlan({ contacts: contacts.toSorted((x, y) => x.start - y.start), ranges, names }, [
    "Contact plan for ION (ionadmin), by Swath. Rates in bytes a second, times in UTC, ranges in light seconds.",
  ]);
};

/** Who flies, who listens, and what of a file of theirs is of use. */
export interface IonTarget {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly radio: ContactRadio;
  readonly from: Instant;
  readonly to: Instant;
  /** Told what is left out, and why. */
  readonly onNote: (text: string) => void;
}

/** What an ionrc file has of contacts with the ground, and how many ways between satellites. */
export interface IonContacts {
  readonly contacts: readonly Contact[];
  readonly between: number;
}

/**
 * Reads contacts with the ground from an ionrc file: nodes are satellites and stations by the names in its comments, or else as `planToIon` numbers
 * them. What lies outside the horizon, or in which the satellite never rises, is left out and named.
 *
 * @throws SwathError("config") for a line that is none, and a node that is neither satellite nor station, by file and line
 */
export const contactsFromIon = (
  text: string,
  source: string,
  { satellites, stations, radio, from, to, onNote }: IonTarget,
): IonContacts => {
  const { contacts, names } = readIonPlan(text, source, from);
  const nodes = new Map<string, Satellite | GroundStation>(
    [...satellites, ...stations].map((one) => [one.id, one] as const),
  );
  const inOrder = [...nodes.keys()];
  const nodeOf = (number: number, line: number): Satellite | GroundStation => {
    const name = names.get(number) ?? inOrder[number - 1];
    const found = name === undefined ? undefined : nodes.get(name);
    if (found !== undefined) return found;
    const wanted = `node 1 … ${inOrder.length} (${satellites.length} satellites, then ${stations.length} stations), or one that a comment # node ${number} NAME names`;
    throw new SwathError("config", {
      what: `${source}:${line}`,
      wanted,
      got: name === undefined ? `node ${number}` : `node ${number}, ${name}`,
    });
  };
  const isStation = (node: Satellite | GroundStation): node is GroundStation => "antennas" in node;
  const up = new Map<string, IonContact[]>();
  const down: { readonly window: Omit<GivenWindow, "uplink">; readonly line: number }[] = [];
  let between = 0;
  for (const contact of contacts) {
    const { start, stop, line } = contact;
    const [sender, receiver] = [nodeOf(contact.from, line), nodeOf(contact.to, line)];
    if (isStation(sender)) {
      const pair = `${receiver.id}.${sender.id}`;
      up.set(pair, [...(up.get(pair) ?? []), contact]);
    } else if (!isStation(receiver)) between++;
    else if (start < from || stop > to) onNote(`${source}:${line} left out: not within the horizon`);
    else down.push({ window: { satellite: sender, station: receiver, start, stop }, line });
  }
  const windows = down.map(({ window }): GivenWindow => {
    const { satellite, station, start, stop } = window;
    const ways = up.get(`${satellite.id}.${station.id}`) ?? [];
    const beside = ways.find((one) => one.start < stop && one.stop > start);
    return { ...window, uplink: beside?.rate ?? null };
  });
  const lineOf = new Map(
    down.map(({ window, line }) => [`${window.satellite.id}.${window.station.id}.${window.start}`, line]),
  );
  const seen = givenContacts(windows, radio).filter(({ satellite, station, aos, maxElevation }) => {
    if (maxElevation > 0) return true;
    const line = lineOf.get(`${satellite}.${station}.${aos}`) ?? 0;
    onNote(`${source}:${line} left out: ${satellite} never rises over ${station} then`);
    return false;
  });
  return { contacts: seen, between };
};
