import type { CuePlanner, TipHop, TipWay } from "../../pipeline/mission/cue-planner.ts";
import { firstOwnAcquisition, tipsOf, type CueTip, type SeenImage } from "../../pipeline/mission/cue-tips.ts";
import type { CueLedger, FollowRecord, TipRecord } from "../../pipeline/mission/ledger.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { acquisitionAsSent } from "../../pipeline/orders/order-wire.ts";
import { byUrgency, type OrderNamed } from "../../pipeline/orders/order.ts";
import { bytes, instant, later, seconds, type Instant } from "../../pipeline/units.ts";
import type { OrderHandler } from "../orders/order-handler.ts";

/** A tip on its way from satellite to satellite. */
export interface TipNote {
  readonly tip: CueTip;
  /** The order that asks for it: who follows need not have heard it. */
  readonly cue: OrderNamed<"cue">;
  readonly to: string;
  readonly hops: readonly TipHop[];
  readonly toldAt: Instant;
}

/** What the cues of one satellite need. */
export interface CueSettings {
  readonly satellite: string;
  /** Its place among all satellites, and how many there are. */
  readonly place: number;
  readonly of: number;
  /** What it knows to fly, orders aside. */
  readonly scheduled: readonly Acquisition[];
  readonly planner: CuePlanner;
  /** Tells the run's books of an acquisition that nobody on the ground has planned, before anything is made of it. */
  readonly announce: (acquisition: Acquisition) => Promise<void>;
  /** Told whose look at a tip it is. */
  readonly onOwned: (tip: string, cue: OrderNamed<"cue">) => void;
}

/** A look that the satellite has given itself and not taken yet. */
interface Pending {
  readonly cue: OrderNamed<"cue">;
  readonly record: FollowRecord;
  readonly acquisition: Acquisition;
}

/** What changes in the timeline of a satellite. */
export interface Rearranged {
  readonly added: readonly Acquisition[];
  /** By their place in the schedule. */
  readonly removed: readonly number[];
}

/**
 * Tip and cue on board of one satellite. It holds the cues that have come up, finds their tips in what its model sees, and tells who flies over next: over crosslinks,
 * or itself. What goes by way of the ground it leaves to the mission centre. Tips that it is told become looks of its own where its camera has a moment for them; when a contact
 * brings more looks, those are arranged anew around them, the most urgent first.
 */
export class CueBoard {
  readonly #settings: CueSettings;
  readonly #cues = new Map<string, { readonly order: OrderNamed<"cue">; readonly heardAt: Instant }>();
  readonly #tips: TipRecord[] = [];
  readonly #followed = new Map<string, FollowRecord>();
  readonly #pending = new Map<number, Pending>();
  /** What the camera has to do besides, by place in the schedule. */
  readonly #known: Map<number, Acquisition>;
  #seen: SeenImage[] = [];
  #outbox: TipNote[] = [];
  #messages = 0;
  #bytes = 0;
  #made = 0;

  constructor(settings: CueSettings) {
    this.#settings = settings;
    this.#known = new Map(settings.scheduled.map((one) => [one.index, one]));
  }

  /** Obeys orders of the kind `cue`: they stand from the moment they are on board to their deadline. */
  readonly obey: OrderHandler = (order, { at }) => {
    if (order.kind === "cue") this.#cues.set(order.id, { order, heardAt: at });
    return { answer: "accepted", at };
  };

  /** Whether the satellite has given itself that acquisition. */
  isOwn(index: number): boolean {
    return this.#pending.has(index);
  }

  /** Takes in what the model found in an image. */
  see(image: SeenImage): void {
    this.#seen.push(image);
  }

  /** Finds the tips of what has been seen; the looks at them that the satellite takes itself are to be added to its timeline. */
  decide(): readonly Acquisition[] {
    const own: Acquisition[] = [];
    const seen = this.#seen;
    this.#seen = [];
    for (const image of seen) {
      for (const { order, heardAt } of [...this.#cues.values()].toSorted((a, b) =>
        byUrgency(a.order, b.order),
      )) {
        // What was taken before is not looked through again.
        if (heardAt > image.acquisition.at) continue;
        for (const tip of tipsOf(order, image)) {
          const way = this.#settings.planner.wayOf(tip, order);
          this.#tips.push({ ...tip, route: way?.route ?? null, follower: way?.satellite ?? null });
          if (way !== null) own.push(...this.#send(tip, order, way));
        }
      }
    }
    return own;
  }

  /** The tips that leave over crosslinks by `at`. */
  leaving(at: Instant): readonly TipNote[] {
    const isDue = ({ tip }: TipNote): boolean => tip.readyAt <= at;
    const leaving = this.#outbox.filter(isDue);
    this.#outbox = this.#outbox.filter((note) => !isDue(note));
    for (const { hops } of leaving) {
      this.#messages += hops.length;
      this.#bytes += hops.length * this.#settings.planner.tipBytes;
    }
    return leaving;
  }

  /** Takes in what other satellites have told by `at`; nothing can be taken before `notBefore` any more. The looks are to be added. */
  arrive(notes: readonly TipNote[], at: Instant, notBefore: Instant): readonly Acquisition[] {
    return notes.flatMap(({ tip, cue, toldAt }) => {
      const heardAt = instant(Math.max(toldAt, at));
      return this.#follow(tip, cue, "crosslinks", heardAt, instant(Math.max(heardAt, notBefore)));
    });
  }

  /** Takes in looks that a contact has brought: those of its own that they are in the way of move, or are given up. */
  ordered(acquisitions: readonly Acquisition[], notBefore: Instant): Rearranged {
    for (const one of acquisitions) this.#known.set(one.index, one);
    const movable = [...this.#pending.values()]
      .filter(({ acquisition: { at, slew } }) => at - (slew?.seconds ?? 0) > notBefore)
      .toSorted((a, b) => byUrgency(a.cue, b.cue) || a.acquisition.index - b.acquisition.index);
    if (acquisitions.length === 0 || movable.length === 0) return { added: [], removed: [] };
    for (const { acquisition } of movable) this.#pending.delete(acquisition.index);
    const added: Acquisition[] = [];
    const removed: number[] = [];
    for (const { cue, record, acquisition } of movable) {
      const { tip, route, heardAt } = record;
      const [placed] = this.#follow(tip, cue, route, heardAt, notBefore, acquisition.index);
      if (placed !== undefined && placed.at === acquisition.at) continue;
      removed.push(acquisition.index);
      if (placed !== undefined) added.push(placed);
    }
    return { added, removed };
  }

  /** Says before the work that an acquisition of its own is taken: the ground hears of products that nobody there has planned. */
  async taking(acquisition: Acquisition): Promise<void> {
    this.#pending.delete(acquisition.index);
    this.#known.set(acquisition.index, acquisition);
    await this.#settings.announce(acquisition);
  }

  /** The ledger, once nothing more happens. */
  close(): CueLedger {
    return {
      tips: this.#tips,
      followed: [...this.#followed.values()],
      across: { messages: this.#messages, bytes: bytes(this.#bytes) },
    };
  }

  #send(tip: CueTip, cue: OrderNamed<"cue">, way: TipWay): readonly Acquisition[] {
    const { satellite, route, hops, toldAt } = way;
    if (route === "own") return this.#follow(tip, cue, "own", tip.readyAt, later(tip.readyAt, slack));
    if (route === "crosslinks") this.#outbox.push({ tip, cue, to: satellite, hops, toldAt });
    return [];
  }

  /** Gives itself a look at a tip, under a number of its own or the one it had. */
  #follow(
    tip: CueTip,
    cue: OrderNamed<"cue">,
    route: FollowRecord["route"],
    heardAt: Instant,
    notBefore: Instant,
    number?: number,
  ): readonly Acquisition[] {
    const { satellite, place, of, planner } = this.#settings;
    const known = [...this.#known.values(), ...[...this.#pending.values()].map((one) => one.acquisition)];
    const look = planner.place(tip, satellite, notBefore, known);
    if (look === null) {
      this.#followed.set(tip.id, { tip, route, heardAt, acquisition: null });
      return [];
    }
    const index = number ?? firstOwnAcquisition + place + of * this.#made++;
    // As the ground hears of it.
    const acquisition = acquisitionAsSent({ index, satellite, ...look, order: tip.id });
    const record: FollowRecord = { tip, route, heardAt, acquisition: index };
    this.#followed.set(tip.id, record);
    this.#pending.set(index, { cue, record, acquisition });
    this.#settings.onOwned(tip.id, cue);
    return [acquisition];
  }
}

/** A look that a satellite gives itself is a pass away at least: far beyond what is under way. */
const slack = seconds(60);
