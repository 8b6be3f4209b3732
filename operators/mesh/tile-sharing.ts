import type { OffloadRule, OffloadUse } from "../../pipeline/mission/offload.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { priorityOf } from "../../pipeline/product/product.ts";
import { bytes, instant, seconds, type Instant, type Watts } from "../../pipeline/units.ts";
import type { Flight } from "../flight/flight.ts";
import type { ComputerState } from "../flight/work-sharing.ts";
import { planOffload, type Offload } from "./offload-plan.ts";
import { handOver, type Epochs } from "./routing-epoch.ts";
import type { Router } from "./routing.ts";

/** What a mesh needs to share tiles out. */
export interface OffloadPorts {
  readonly rule: OffloadRule;
  /** Of a computer at full speed. */
  readonly power: Watts;
  /** The end of the horizon. */
  readonly to: Instant;
  /** By its number in the plan, whosever it is. */
  readonly acquisitionOf: (index: number) => Acquisition;
}

/** What sharing needs of the mesh. */
export interface SharingGround {
  readonly router: Router;
  readonly isSatellite: (node: string) => boolean;
  readonly epochs: Epochs;
  /** The satellites that are flown here. */
  readonly flights: ReadonlyMap<string, Flight>;
}

/** Which of the priorities of hops pixels have. */
const pixelPriority = priorityOf("tile-lossless");

/** Tiles that wait go to whoever is better placed for them, once an epoch; every node decides on all of them in the same order. */
export class TileSharing {
  readonly #offload: OffloadPorts;
  readonly #ground: SharingGround;
  readonly #sent = new Map<string, { batches: number; bytes: number; seconds: number }>();

  constructor(offload: OffloadPorts, ground: SharingGround) {
    this.#offload = offload;
    this.#ground = ground;
  }

  /** What the terminals of a satellite sent of pixels. */
  sentBy(satellite: string): OffloadUse["sent"] {
    const sent = this.#sent.get(satellite) ?? { batches: 0, bytes: 0, seconds: 0 };
    return { batches: sent.batches, bytes: bytes(sent.bytes), transmitSeconds: seconds(sent.seconds) };
  }

  /** How the computers here stand at `at`; none where nothing that is given away now would be there within the horizon. */
  async statesAt(at: Instant): Promise<readonly ComputerState[]> {
    if (at + this.#ground.epochs.length > this.#offload.to) return [];
    const states: ComputerState[] = [];
    for (const { sharing } of this.#ground.flights.values())
      if (sharing !== null) states.push(await sharing.state(at));
    return states;
  }

  /** Shares out what waits at `at`, given how the computers of all satellites stand. */
  shareOut(computers: readonly ComputerState[], at: Instant): void {
    if (computers.every(({ waiting }) => waiting.length === 0)) return;
    const { acquisitionOf, to, rule, power } = this.#offload;
    const { router, epochs, isSatellite } = this.#ground;
    const decided = planOffload({
      rule,
      power,
      at,
      computers,
      margin: epochs.length,
      takenAt: (index) => acquisitionOf(index).at,
      reach: (satellite, size) => {
        const bundle = { source: satellite, readyAt: at, bytes: size, priority: pixelPriority };
        const { arrivalAt, book } = router.reach(bundle, to);
        return {
          book,
          arrivalAt(node) {
            const there = isSatellite(node) ? arrivalAt(node) : null;
            const from = there === null ? Infinity : handOver(epochs, there);
            return from < to ? instant(from) : null;
          },
        };
      },
    });
    for (const one of decided) this.#move(one, at);
  }

  #move({ batch, from, to, arrival, hops }: Offload, at: Instant): void {
    const { flights } = this.#ground;
    for (const { from: sender, start, end } of hops) {
      if (!flights.has(sender)) continue;
      const sent = this.#sent.get(sender) ?? { batches: 0, bytes: 0, seconds: 0 };
      sent.batches++;
      sent.bytes += batch.bytes;
      sent.seconds += end - start;
      this.#sent.set(sender, sent);
    }
    const owner = flights.get(from);
    owner?.sharing?.give({ ...batch, to, at, from: arrival });
    flights.get(to)?.sharing?.receive(this.#offload.acquisitionOf(batch.acquisition), arrival);
    owner?.log?.tell({
      type: "tiles given",
      at,
      acquisition: batch.acquisition,
      tiles: batch.tiles,
      bytes: batch.bytes,
      to,
      arrival,
      hops: hops.map((hop) => ({ from: hop.from, to: hop.to, start: hop.start, end: hop.end })),
    });
  }
}
