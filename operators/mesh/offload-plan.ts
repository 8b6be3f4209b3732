import type { OffloadRule, TileBatch } from "../../pipeline/mission/offload.ts";
import { instant, type Bytes, type Instant, type Seconds, type Watts } from "../../pipeline/units.ts";
import type { ComputerState } from "../flight/work-sharing.ts";
import type { RouteHop } from "./routing.ts";

/** Where the pixels of one batch could go, with what has been booked so far. */
export interface Reach {
  /** When a satellite would have them; `null`: not within the horizon. */
  readonly arrivalAt: (satellite: string) => Instant | null;
  /** Books the way there. */
  readonly book: (satellite: string) => readonly RouteHop[];
}

/** What the work of a constellation is shared out by. */
export interface OffloadRequest {
  readonly rule: OffloadRule;
  /** Now: nobody has anything earlier. */
  readonly at: Instant;
  /** Of every satellite, in any order. */
  readonly computers: readonly ComputerState[];
  /** Of a computer at full speed. */
  readonly power: Watts;
  /** What a hand-over has to win at least, in time: what crosses for less is not worth the link. */
  readonly margin: Seconds;
  /** When an acquisition was taken. */
  readonly takenAt: (acquisition: number) => Instant;
  readonly reach: (satellite: string, size: Bytes) => Reach;
}

/** Tiles that go from one satellite to another. */
export interface Offload {
  readonly batch: TileBatch;
  readonly from: string;
  readonly to: string;
  /** When the other has them. */
  readonly arrival: Instant;
  readonly hops: readonly RouteHop[];
}

/** How a satellite's computer stands while work is shared out. */
interface Load {
  readonly state: ComputerState;
  /** Seconds of work at full speed that go before what it may still give away, and all that waits. */
  before: number;
  all: number;
}

/** So many batches of one satellite are looked at in one epoch: whoever has more has not caught up by then. */
const mostTried = 64;

const readyAfter = ({ state }: Load, work: number, from: number): number =>
  state.speed > 0 ? Math.max(from, state.freeAt + work / state.speed) : Infinity;

/** Joules that its battery has above the floor once everything that waits is done; no sunlight is counted on. */
const leftOf = ({ state, all }: Load, power: Watts): number => (state.reserve ?? Infinity) - all * power;

/** One that could take a batch over. */
interface Helper {
  readonly load: Load;
  readonly ready: number;
  readonly left: number;
}

/**
 * Shares out what waits: batch after batch in the order in which they were taken, each to the satellite that the rule prefers among those
 * that have the charge for it above their floor, a computer that power and heat let run, and a link to bring the pixels in time; otherwise it
 * stays. A plain function of what it is given, so every node comes to the same.
 *
 * Under `latency` it goes where it is done first, if that is sooner than at home by `margin`; under `energy` to whoever has most charge left
 * afterwards, if that is more than the owner would have left, and if it is done no later than at home and `margin` more.
 */
export const planOffload = (request: OffloadRequest): readonly Offload[] => {
  const { rule, power, margin, takenAt } = request;
  const loads = new Map<string, Load>();
  for (const state of request.computers.toSorted((a, b) => (a.satellite < b.satellite ? -1 : 1))) {
    const waiting = state.waiting.reduce((sum, { work }) => sum + work, 0);
    loads.set(state.satellite, { state, before: state.queued, all: state.queued + waiting });
  }
  const batches = [...loads.values()].flatMap((owner) =>
    owner.state.waiting.map((batch, place) => ({ owner, batch, isTried: place < mostTried })),
  );
  batches.sort(
    (a, b) =>
      takenAt(a.batch.acquisition) - takenAt(b.batch.acquisition) ||
      a.batch.acquisition - b.batch.acquisition,
  );

  const bestFor = (owner: Load, batch: TileBatch, home: number, reach: Reach): Helper | null => {
    const cost = batch.work * power;
    const stays = leftOf(owner, power);
    let best: Helper | null = null;
    for (const load of loads.values()) {
      const { state } = load;
      const left = leftOf(load, power) - cost;
      if (load === owner || state.speed <= 0 || left < 0) continue;
      if (rule === "energy" && left <= stays) continue;
      const there = reach.arrivalAt(state.satellite);
      if (there === null) continue;
      const ready = readyAfter(load, load.all, there) + batch.work / state.speed;
      if (rule === "latency" ? !(ready + margin < home) : !(ready <= home + margin)) continue;
      const isBetter =
        best === null ||
        (rule === "latency"
          ? ready < best.ready || (ready === best.ready && left > best.left)
          : left > best.left || (left === best.left && ready < best.ready));
      if (isBetter) best = { load, ready, left };
    }
    return best;
  };

  const decided: Offload[] = [];
  for (const { owner, batch, isTried } of batches) {
    const { state } = owner;
    const home = readyAfter(owner, owner.before + batch.work, state.freeAt);
    // Nobody can win that much, and nothing need be searched.
    const isSoon = rule === "latency" && home <= request.at + batch.work + margin;
    const found = isTried && !isSoon ? { reach: request.reach(state.satellite, batch.bytes) } : null;
    const best = found === null ? null : bestFor(owner, batch, home, found.reach);
    if (found === null || best === null) {
      owner.before += batch.work;
      continue;
    }
    const to = best.load.state.satellite;
    const arrival = found.reach.arrivalAt(to);
    if (arrival === null) continue;
    owner.all -= batch.work;
    best.load.all += batch.work;
    decided.push({ batch, from: state.satellite, to, arrival: instant(arrival), hops: found.reach.book(to) });
  }
  return decided;
};
