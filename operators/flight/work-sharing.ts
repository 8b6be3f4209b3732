import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { GivenTiles, TileBatch } from "../../pipeline/mission/offload.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { instant, seconds, type Instant, type Joules, type Seconds } from "../../pipeline/units.ts";
import type { Body } from "../platform/body.ts";
import type { Timeline } from "./timeline.ts";

/** How the computer of one satellite stands: what all need to know to share its work out. */
export interface ComputerState {
  readonly satellite: string;
  /** When it is done with what it has begun. */
  readonly freeAt: Instant;
  /** As power and heat allow: 0 (stands still) … 1. */
  readonly speed: number;
  /** In the battery above its floor; `null` where power is taken for granted. */
  readonly reserve: Joules | null;
  /** Work that waits, or is on its way, and stays with it. */
  readonly queued: Seconds;
  /** What it could give away, in the order in which it would be begun. */
  readonly waiting: readonly TileBatch[];
}

/** An acquisition that waits for a computer, its own or another's. */
interface Waiting {
  readonly acquisition: Acquisition;
  /** From then on its tiles are here. */
  readonly from: Instant;
}

const inOrder = (a: Waiting, b: Waiting): number =>
  a.from - b.from || a.acquisition.index - b.acquisition.index;

/** What sharing needs of a flight. */
export interface SharingPorts {
  readonly satellite: string;
  /** The acquisitions that it takes itself, but for what is ordered: whoever ordered it is answered by the satellite that was told. */
  readonly acquisitions: readonly Acquisition[];
  /** What the tiles of an acquisition ask of a computer; `null` where that cannot be told, so that they stay. */
  readonly estimate: (acquisition: Acquisition) => Promise<TileBatch | null>;
  readonly body: Body | null;
  /** When the computer is done with what it has begun. */
  readonly computerFree: () => Instant;
  /** Tiles leave: camera and memory have their energy now. */
  readonly onGiven: (batch: TileBatch, at: Instant) => void;
}

/**
 * The acquisitions of one satellite whose tiles may go to the computer of another, and those that came from others. Nothing is begun before
 * the computer is free for it: until then it can still go elsewhere, once.
 */
export class WorkSharing implements Timeline {
  readonly #ports: SharingPorts;
  readonly #waiting: Waiting[];
  readonly #batches = new Map<number, TileBatch | null>();
  readonly #given: GivenTiles[] = [];

  constructor(ports: SharingPorts) {
    this.#ports = ports;
    this.#waiting = ports.acquisitions
      .map((acquisition) => ({ acquisition, from: acquisition.at }))
      .toSorted(inOrder);
  }

  nextAt(computerFree: Instant): number {
    const next = this.#waiting[0];
    return next === undefined ? Infinity : Math.max(next.from, computerFree);
  }

  earliest(): number {
    let earliest = Infinity;
    for (const { acquisition } of this.#waiting) earliest = Math.min(earliest, acquisition.at);
    return earliest;
  }

  take(): Acquisition {
    return (this.#waiting.shift() as Waiting).acquisition;
  }

  add(acquisitions: readonly Acquisition[]): void {
    this.#waiting.push(...acquisitions.map((acquisition) => ({ acquisition, from: acquisition.at })));
    this.#waiting.sort(inOrder);
  }

  remove(indices: readonly number[]): void {
    for (const index of indices) {
      const place = this.#waiting.findIndex(({ acquisition }) => acquisition.index === index);
      if (place >= 0) this.#waiting.splice(place, 1);
    }
  }

  done(_acquisition: Acquisition, _record: AcquisitionRecord): void {
    // What comes next does not depend on it.
  }

  snapshot(): number | null {
    // What came from others and what went to them says more than a number: a flight that was killed is flown again.
    return null;
  }

  restore(_waiting: number): void {
    throw new RangeError("shared work has no snapshot");
  }

  /** Whose camera took it; `null`: this satellite's own. */
  originOf({ satellite }: Acquisition): string | null {
    return satellite === this.#ports.satellite ? null : satellite;
  }

  /** Takes in tiles of another satellite, which are here from `from` on. */
  receive(acquisition: Acquisition, from: Instant): void {
    this.#waiting.push({ acquisition, from });
    this.#waiting.sort(inOrder);
  }

  /** Gives tiles away. Throws `RangeError` for what does not wait here. */
  give(tiles: GivenTiles): void {
    const place = this.#waiting.findIndex(({ acquisition }) => acquisition.index === tiles.acquisition);
    if (place < 0) throw new RangeError(`acquisition ${tiles.acquisition} does not wait`);
    this.#waiting.splice(place, 1);
    this.#given.push(tiles);
    this.#ports.onGiven(tiles, tiles.at);
  }

  /** What was given away, in order of time. */
  get given(): readonly GivenTiles[] {
    return this.#given;
  }

  /** How the computer stands at `at`, to which everything has been moved. */
  async state(at: Instant): Promise<ComputerState> {
    const { satellite, body } = this.#ports;
    body?.settle(at);
    const { reserve, speed } = body?.state ?? { reserve: null, speed: 1 };
    let queued = 0;
    const waiting: TileBatch[] = [];
    for (const { acquisition, from } of this.#waiting) {
      const isOwn = this.originOf(acquisition) === null;
      // What it will take one day is nothing that waits; what others gave it is.
      if (isOwn && from > at) continue;
      const batch = await this.#batchOf(acquisition);
      if (batch === null) continue;
      if (isOwn && acquisition.order === undefined) waiting.push(batch);
      else queued += batch.work;
    }
    const freeAt = instant(Math.max(at, this.#ports.computerFree()));
    return { satellite, freeAt, speed, reserve, queued: seconds(queued), waiting };
  }

  async #batchOf(acquisition: Acquisition): Promise<TileBatch | null> {
    const known = this.#batches.get(acquisition.index);
    if (known !== undefined) return known;
    const batch = await this.#ports.estimate(acquisition);
    this.#batches.set(acquisition.index, batch);
    return batch;
  }
}
