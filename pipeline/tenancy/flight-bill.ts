import type { Contact } from "../orbit/contact.ts";
import type { Instant } from "../units.ts";
import type { BoardDecision } from "./board-decision.ts";
import { operatorName, type WorkPlace } from "./ledger-entry.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import type { WorkItem } from "./metered-work.ts";

/** What a flight came to, for its ledger. */
export interface FlightWork {
  readonly flight: string;
  readonly items: readonly WorkItem[];
  readonly decisions: readonly BoardDecision[];
  /** In which anything was sent. */
  readonly passes: readonly Pick<Contact, "id" | "los">[];
  readonly to: Instant;
  /** Order that caused an acquisition; `null`: none did. */
  readonly orderOf: (acquisition: number) => string | null;
}

interface Step {
  readonly at: Instant;
  /** What happens at one moment happens in this order. */
  readonly rank: 0 | 1 | 2 | 3;
  readonly key: string;
  readonly take: () => void;
}

const bySteps = (a: Step, b: Step): number =>
  a.at - b.at || a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/**
 * Writes a flight into a ledger, in mission time: reservations as the satellites made them, charges as work was done and products came down,
 * what was left over given back, a signed root at the end of each pass.
 */
export const writeFlight = (
  writer: LedgerWriter,
  { flight, items, decisions, passes, to, orderOf }: FlightWork,
): void => {
  writer.begin(flight);
  const holds = new Map<string, number>();
  const last = new Map<string, Instant>();
  const nameOf = ({ satellite, acquisition, tenant }: Omit<WorkPlace, "at" | "order">): string =>
    JSON.stringify([satellite, acquisition, tenant]);
  for (const item of items) {
    const name = nameOf(item);
    last.set(name, Math.max(last.get(name) ?? -Infinity, item.at) as Instant);
  }
  const placeOf = ({ at, satellite, tenant, acquisition, order: own }: WorkPlace): WorkPlace => {
    const order = own ?? (acquisition === null ? null : orderOf(acquisition));
    return { at, satellite, tenant, acquisition, ...(order === null ? {} : { order }) };
  };
  const steps: Step[] = [];
  for (const decision of decisions) {
    const { at, amount, free } = decision;
    const key = nameOf(decision);
    const take = (): void => {
      if (free !== null) return writer.refuse(placeOf(decision), amount, free);
      const hold = writer.reserve(placeOf(decision), amount);
      if (hold !== null) holds.set(key, hold);
    };
    steps.push({ at, rank: 0, key, take });
    const release = (): void => {
      const hold = holds.get(key);
      if (hold !== undefined) writer.release(last.get(key) ?? at, hold);
    };
    if (free === null)
      steps.push({ at: Math.max(at, last.get(key) ?? at) as Instant, rank: 2, key, take: release });
  }
  for (const item of items) {
    const key = nameOf(item);
    const take = (): void => {
      const of = item.tenant === operatorName ? null : (holds.get(key) ?? null);
      writer.charge(placeOf(item), item.work, of);
    };
    steps.push({ at: item.at, rank: 1, key: `${key}${item.stage}${item.contact}${item.order ?? ""}`, take });
  }
  for (const { id, los } of passes) {
    const at = Math.min(los, to) as Instant;
    steps.push({ at, rank: 3, key: id, take: () => writer.root(at, id) });
  }
  for (const { take } of steps.toSorted(bySteps)) take();
};
