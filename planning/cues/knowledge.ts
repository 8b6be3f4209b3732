import { timeToSend, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { speedOfLight } from "../../pipeline/link/budget/free-space.ts";
import { lightTime, uplinkTime } from "../../pipeline/link/rate/light-time.ts";
import type { Contact, ContactPlan } from "../../pipeline/orbit/contact.ts";
import type { Crosslink, CrosslinkPlan } from "../../pipeline/orbit/crosslink.ts";
import { instant, type BitsPerSecond, type Bytes, type Instant } from "../../pipeline/units.ts";

/** The links that something known can travel over. */
export interface KnowledgeLinks {
  readonly contacts: ContactPlan;
  /** Of the downlink. */
  readonly rate: LinkRate;
  /** `null`: satellites do not talk to each other. */
  readonly crosslinks: { readonly plan: CrosslinkPlan; readonly rate: BitsPerSecond } | null;
}

/** How much is to be said on each kind of link, framing included. */
export interface KnowledgeSize {
  readonly down: Bytes;
  readonly up: Bytes;
  readonly across: Bytes;
}

/** One step of something known on its way. */
export interface KnowledgeStep {
  readonly from: string;
  readonly to: string;
  /** Of the contact or crosslink. */
  readonly link: string;
  readonly kind: "down" | "up" | "across";
  readonly sentAt: Instant;
  readonly at: Instant;
}

/** When everybody has it, and the steps on the way there. */
export interface Knowledge {
  /** `null`: never, within the plan. */
  readonly at: (node: string) => Instant | null;
  /** From the source on; empty for the source and for who never has it. */
  readonly way: (node: string) => readonly KnowledgeStep[];
}

/** The mission centre among the nodes; satellites are named by their ids. */
export const centre = "@centre";

/** Links of a plan by who they are of, in order of time: made once for many things known. */
export interface LinkIndex {
  readonly links: KnowledgeLinks;
  readonly contactsOf: ReadonlyMap<string, readonly Contact[]>;
  readonly crosslinksOf: ReadonlyMap<string, readonly Crosslink[]>;
}

const grouped = <Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]) => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
};

/** Sorts the links of a mission by satellite. */
export const indexLinks = (links: KnowledgeLinks): LinkIndex => ({
  links,
  contactsOf: grouped(
    links.contacts.contacts.filter(({ lockedAt, los }) => lockedAt < los),
    ({ satellite }) => [satellite],
  ),
  crosslinksOf: grouped(
    (links.crosslinks?.plan.links ?? []).filter(({ from, to }) => from < to),
    ({ a, b }) => [a, b],
  ),
});

/** Down: the contact that has all of it at the centre first. */
const down = (
  { links, contactsOf }: LinkIndex,
  satellite: string,
  at: Instant,
  size: Bytes,
): KnowledgeStep | null => {
  let best: KnowledgeStep | null = null;
  for (const contact of contactsOf.get(satellite) ?? []) {
    if (contact.los <= at) continue;
    if (best !== null && contact.lockedAt >= best.at) break;
    const sentAt = instant(Math.max(at, contact.lockedAt));
    const sent = timeToSend(contact, links.rate, sentAt, size);
    if (sent === null) continue;
    const arrived = instant(sent + lightTime(contact, sent) + contact.backhaul);
    if (best === null || arrived < best.at)
      best = { from: satellite, to: centre, link: contact.id, kind: "down", sentAt, at: arrived };
  }
  return best;
};

/** Up: the first contact that opens once the station has been told; what is decided later goes up in the next. */
const up = ({ contactsOf }: LinkIndex, satellite: string, at: Instant, size: Bytes): KnowledgeStep | null => {
  for (const contact of contactsOf.get(satellite) ?? []) {
    const { lockedAt, backhaul, los, id } = contact;
    if (lockedAt - backhaul < at) continue;
    const arrived = instant(lockedAt + uplinkTime(contact, size) + lightTime(contact, lockedAt));
    if (arrived <= los)
      return { from: centre, to: satellite, link: id, kind: "up", sentAt: lockedAt, at: arrived };
  }
  return null;
};

/** Across: to each neighbour over the first link that has time for it. */
const across = (
  { links, crosslinksOf }: LinkIndex,
  satellite: string,
  at: Instant,
  size: Bytes,
): readonly KnowledgeStep[] => {
  const { crosslinks } = links;
  if (crosslinks === null) return [];
  const first = new Map<string, KnowledgeStep>();
  for (const { id, a, b, from, to, maxRange } of crosslinksOf.get(satellite) ?? []) {
    const other = a === satellite ? b : a;
    if (to <= at || first.has(other)) continue;
    const sentAt = instant(Math.max(at, from));
    const sent = sentAt + (8 * size) / crosslinks.rate;
    if (sent > to) continue;
    const arrived = instant(sent + maxRange / speedOfLight);
    first.set(other, { from: satellite, to: other, link: id, kind: "across", sentAt, at: arrived });
  }
  return [...first.values()];
};

/**
 * Who knows something when, that `source` knows from `at` on: it travels down in contacts, up in contacts and over crosslinks, each step after the one before, and
 * everybody has it as early as that allows (Dijkstra over time: a link that is there later is never quicker to its end). Links are not shared: what is told is
 * small against what they carry.
 */
export const spreadFrom = (index: LinkIndex, source: string, at: Instant, size: KnowledgeSize): Knowledge => {
  const known = new Map<string, { readonly at: Instant; readonly step: KnowledgeStep | null }>([
    [source, { at, step: null }],
  ]);
  const settled = new Set<string>();
  for (;;) {
    let node: string | null = null;
    for (const [name, { at: t }] of known) {
      if (settled.has(name)) continue;
      const best = node === null ? null : (known.get(node)?.at ?? null);
      if (best === null || t < best || (t === best && name < (node ?? ""))) node = name;
    }
    if (node === null) break;
    settled.add(node);
    const t = known.get(node)?.at as Instant;
    const steps =
      node === centre
        ? [...index.contactsOf.keys()].map((satellite) => up(index, satellite, t, size.up))
        : [down(index, node, t, size.down), ...across(index, node, t, size.across)];
    for (const step of steps) {
      if (step === null || settled.has(step.to)) continue;
      const before = known.get(step.to);
      if (before === undefined || step.at < before.at) known.set(step.to, { at: step.at, step });
    }
  }
  return {
    at: (node) => known.get(node)?.at ?? null,
    way: (node) => {
      const steps: KnowledgeStep[] = [];
      for (let step = known.get(node)?.step ?? null; step !== null; step = known.get(step.from)?.step ?? null)
        steps.unshift(step);
      return steps;
    },
  };
};
