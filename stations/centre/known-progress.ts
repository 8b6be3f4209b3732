import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { instant, type Instant } from "../../pipeline/units.ts";

/** One satellite: its contacts in order of rise, the first that is not over, and the moment that it is past. */
interface Spoken {
  readonly contacts: readonly Contact[];
  next: number;
  reached: Instant;
}

/**
 * How far the mission centre knows everything: what a satellite says before a moment is there once the satellite has said that it is past it, or has no contact until then.
 * What is decided by then follows from the mission alone, and not from which node was quicker.
 */
export class KnownProgress {
  readonly #spoken: ReadonlyMap<string, Spoken>;

  constructor({ satellites, contacts }: Pick<RunPlan, "satellites" | "contacts">) {
    const own = new Map<string, Contact[]>(satellites.map((satellite) => [satellite, []]));
    for (const contact of contacts.contacts.toSorted((a, b) => a.aos - b.aos))
      own.get(contact.satellite)?.push(contact);
    this.#spoken = new Map(
      [...own].map(([satellite, mine]) => [
        satellite,
        { contacts: mine, next: 0, reached: instant(-Infinity) },
      ]),
    );
  }

  /** A satellite has said all that it says before `t`. */
  through(satellite: string, t: Instant): void {
    const spoken = this.#spoken.get(satellite);
    if (spoken === undefined) return;
    spoken.reached = instant(Math.max(t, spoken.reached));
    while ((spoken.contacts[spoken.next]?.los ?? Infinity) <= spoken.reached) spoken.next++;
  }

  /** All that was said before is known; infinite once all contacts are over. */
  get knownTo(): Instant {
    let least = Infinity;
    for (const { contacts, next, reached } of this.#spoken.values())
      least = Math.min(least, Math.max(reached, contacts[next]?.aos ?? Infinity));
    return instant(least);
  }
}
