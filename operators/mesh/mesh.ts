import { handOver, type Epochs } from "./routing-epoch.ts";
import { routesOf, type RouteSharing } from "./shared-routing.ts";
import { inRoutingOrder, type RouteHop, type Router, type RouteRequest } from "./routing.ts";
import type { CrosslinkUse } from "../../pipeline/mission/ledger.ts";
import {
  bytes,
  instant,
  joules,
  seconds,
  type Instant,
  type Seconds,
  type Watts,
} from "../../pipeline/units.ts";
import type { OffloadUse } from "../../pipeline/mission/offload.ts";
import type { TipNote } from "../cues/cue-board.ts";
import type { Flight } from "../flight/flight.ts";
import type { ComputerState } from "../flight/work-sharing.ts";
import { TileSharing, type OffloadPorts } from "./tile-sharing.ts";
import type { HandedProduct } from "../flight/inventory.ts";

/** A product on offer: where it is, and under which number. */
export interface Offer extends RouteRequest {
  readonly number: number;
}

/** A product that changes satellites. */
export interface HandOver {
  readonly from: string;
  readonly to: string;
  readonly product: HandedProduct;
  /** The crosslinks that it took. */
  readonly hops: readonly RouteHop[];
  /** The bytes, where there are any. */
  readonly payload: Uint8Array | null;
}

/** What one shard of the satellites says to all others when an epoch ends. */
export interface EpochNotes {
  readonly offers: readonly Offer[];
  readonly handOvers: readonly HandOver[];
  /** Said when it is so: this shard would like all to keep how they stand behind the epoch. */
  readonly keeps?: boolean;
  /** Said before the first epoch: the epochs behind which this shard could go on with an earlier flight. */
  readonly known?: readonly number[];
  /** How its computers stand; absent where each satellite computes its own tiles. */
  readonly computers?: readonly ComputerState[];
  /** What satellites tell others to look at; absent where they tell nothing. */
  readonly tips?: readonly TipNote[];
}

/** The epoch of what is said before the first. */
export const beforeFirst = -1;

/** Gathers the notes of every shard of an epoch, one's own among them, in the same order everywhere. */
export type Exchange = (epoch: number, notes: EpochNotes) => Promise<readonly EpochNotes[]>;

/** A satellite that is flown here, and how the bytes of its products are read and kept; `null` in a simulation. */
export interface MeshMember {
  readonly satellite: string;
  readonly flight: Flight;
  /** How long its terminals are on, summed over them. */
  readonly terminalTime: Seconds;
  readonly bytes: {
    readonly read: (product: HandedProduct) => Promise<Uint8Array>;
    readonly write: (payload: Uint8Array) => Promise<HandedProduct["slot"]>;
  } | null;
}

/** What a mesh needs of its surroundings. */
export interface MeshPorts {
  /** The same hops, and the same calls in the same order, on every shard. */
  readonly router: Router;
  /** Satellites, as opposed to stations. */
  readonly isSatellite: (node: string) => boolean;
  readonly epochs: Epochs;
  /** Of a terminal that is on. */
  readonly power: Watts;
  readonly exchange: Exchange;
  /** How shards share the search for routes; absent: each searches all of them. */
  readonly sharing?: RouteSharing;
  /** How tiles are shared out; absent: each satellite computes its own. */
  readonly offload?: OffloadPorts;
}

/** Epochs after which the router forgets past bookings: for memory alone. */
const epochsRemembered = 30;

/** What a member's terminals have sent so far. */
interface Use {
  handedOver: number;
  bytes: number;
  seconds: number;
}

/** A way that a product of a member has been given: all its crosslinks, the last of them to its carrier. */
interface Planned {
  readonly number: number;
  readonly carrier: string;
  readonly handedOverAt: Instant;
  readonly hops: readonly RouteHop[];
}

/** What a mesh knows of a member between two epochs. */
export interface MeshSnapshot {
  /** Nothing of it has to be looked at before. */
  readonly sleepsUntil: number;
  readonly planned: readonly Planned[];
  readonly use: Readonly<Use>;
}

/**
 * Satellites that feed each other, advanced an epoch at a time. At the end of each, everybody tells what became ready on board;
 * each product is given the way to the ground that arrives first, over crosslinks or straight down, and its bits are booked.
 * Every shard does so for all products in the same order, so it does not matter which process flies which satellite.
 *
 * A product goes to its carrier, which sends it down, over as many satellites as that takes. Custody passes from end to end: the
 * first keeps it until the carrier has all of it, and the carrier has it from the next epoch on. What has meanwhile been
 * begun to be sent down, or given up, does not change satellites.
 */
export class Mesh {
  readonly #ports: MeshPorts;
  readonly #members: ReadonlyMap<string, MeshMember>;
  readonly #order: readonly MeshMember[];
  readonly #placeOf: ReadonlyMap<string, number>;
  /** Of each member in order: nothing of it has to be looked at before. */
  readonly #sleepsUntil: Float64Array;
  /** By satellite: hops under way, by the moment of their hand-over. */
  readonly #planned = new Map<string, Planned[]>();
  readonly #uses = new Map<string, Use>();
  /** `null`: each satellite computes its own tiles. */
  readonly #sharing: TileSharing | null;

  constructor(members: readonly MeshMember[], ports: MeshPorts) {
    this.#ports = ports;
    this.#members = new Map(members.map((member) => [member.satellite, member]));
    this.#order = members;
    this.#placeOf = new Map(members.map(({ satellite }, place) => [satellite, place]));
    this.#sleepsUntil = new Float64Array(members.length).fill(-Infinity);
    const flights = new Map(members.map(({ satellite, flight }) => [satellite, flight]));
    this.#sharing =
      ports.offload === undefined ? null : new TileSharing(ports.offload, { ...ports, flights });
    for (const { satellite } of members) {
      this.#planned.set(satellite, []);
      this.#uses.set(satellite, { handedOver: 0, bytes: 0, seconds: 0 });
    }
  }

  /** What the terminals of a member sent, and what they took. */
  useOf(satellite: string): CrosslinkUse {
    const { handedOver, bytes: sent, seconds: sending } = this.#uses.get(satellite) as Use;
    const terminalTime = this.#members.get(satellite)?.terminalTime ?? 0;
    return {
      handedOver,
      bytes: bytes(sent),
      transmitSeconds: seconds(sending),
      terminalSeconds: seconds(terminalTime),
      energy: joules(terminalTime * this.#ports.power),
    };
  }

  /** What is known of a member. */
  snapshot(satellite: string): MeshSnapshot {
    return {
      sleepsUntil: this.#sleepsUntil[this.#placeOf.get(satellite) as number] as number,
      planned: this.#planned.get(satellite) as Planned[],
      use: this.#uses.get(satellite) as Use,
    };
  }

  /** Goes on, before its first epoch, as a mesh of the same satellites did. */
  restore(satellite: string, { sleepsUntil, planned, use }: MeshSnapshot): void {
    this.#sleepsUntil[this.#placeOf.get(satellite) as number] = sleepsUntil;
    this.#planned.set(satellite, [...planned]);
    this.#uses.set(satellite, { ...use });
  }

  /** What the terminals of a member sent of pixels that are computed elsewhere; `null` where each satellite computes its own. */
  pixelsOf(satellite: string): OffloadUse["sent"] | null {
    return this.#sharing?.sentBy(satellite) ?? null;
  }

  /** Members with which anything may happen by `at`: the others need not be advanced to it. Of thousands they are few. */
  *awake(at: Instant): Generator<MeshMember> {
    const sleeps = this.#sleepsUntil;
    for (let place = 0; place < sleeps.length; place++)
      // Who shares work out looks at everybody: a computer that rests is the one that has time.
      if ((sleeps[place] as number) <= at || this.#ports.offload !== undefined)
        yield this.#order[place] as MeshMember;
  }

  /**
   * Ends epoch `epoch` at time `at`, to which every member that is awake has been advanced. Returns whether any shard `keeps` how it stands then:
   * all do so, or nobody.
   */
  async endEpoch(epoch: number, at: Instant, keeps = false): Promise<boolean> {
    const { router, isSatellite, exchange } = this.#ports;
    const handOvers: HandOver[] = [];
    const offers: Offer[] = [];
    const tips: TipNote[] = [];
    const awake = new Set<MeshMember>();
    for (const member of this.awake(at)) {
      awake.add(member);
      const planned = this.#planned.get(member.satellite) as Planned[];
      if (planned.some(({ handedOverAt }) => handedOverAt <= at)) {
        handOvers.push(...(await this.#leaving(member, at)));
      }
      const { inventory } = member.flight;
      inventory.settle(at);
      for (const { number, size, priority } of inventory.arrivals()) {
        offers.push({ source: member.satellite, number, readyAt: at, bytes: bytes(size), priority });
      }
    }
    const computers = (await this.#sharing?.statesAt(at)) ?? null;
    for (const { flight } of awake) tips.push(...flight.exchangeTips(at));
    const all = await exchange(epoch, {
      offers,
      handOvers,
      ...(keeps ? { keeps } : {}),
      ...(computers === null ? {} : { computers }),
      ...(tips.length === 0 ? {} : { tips }),
    });
    const told = all.flatMap((notes) => notes.tips ?? []).toSorted(byTip);
    for (const note of told) {
      const member = this.#members.get(note.to);
      if (member === undefined) continue;
      member.flight.exchangeTips(at, [note]);
      awake.add(member);
    }
    const arriving = all.flatMap((notes) => notes.handOvers).toSorted(bySender);
    for (const handed of arriving) {
      await this.#arrive(handed, at);
      const carrier = this.#members.get(handed.to);
      if (carrier !== undefined) awake.add(carrier);
    }
    const offered = inRoutingOrder(all.flatMap((notes) => notes.offers));
    const routes = await routesOf(router, epoch, offered, this.#ports.sharing ?? null);
    for (const [place, offer] of offered.entries()) {
      const route = routes[place] ?? null;
      const hops = route?.hops.filter(({ to }) => isSatellite(to)) ?? [];
      const last = hops.at(-1);
      if (route === null || last === undefined) continue;
      const handedOverAt = handOver(this.#ports.epochs, last.arrival);
      const source = this.#members.get(offer.source)?.flight;
      source?.log?.tell({
        type: "route",
        at,
        product: source.inventory.nameOf(offer.number),
        to: last.to,
        handOverAt: handedOverAt,
        station: route.station,
        landsAt: route.arrival,
      });
      this.#planned.get(offer.source)?.push({ number: offer.number, carrier: last.to, handedOverAt, hops });
    }
    const states = all.flatMap((notes) => notes.computers ?? []);
    this.#sharing?.shareOut(states, at);
    for (const member of awake) this.#fallAsleep(member);
    if (epoch % epochsRemembered === 0) router.forget(at);
    return all.some((notes) => notes.keeps === true);
  }

  #fallAsleep({ satellite, flight }: MeshMember): void {
    let until = flight.sleepsUntil;
    for (const { handedOverAt } of this.#planned.get(satellite) as Planned[])
      if (handedOverAt < until) until = handedOverAt;
    this.#sleepsUntil[this.#placeOf.get(satellite) as number] = until;
  }

  /** Members' products that their carriers have by now. */
  async #leaving({ satellite, flight, bytes: payloads }: MeshMember, at: Instant): Promise<HandOver[]> {
    const planned = this.#planned.get(satellite) as Planned[];
    this.#planned.set(
      satellite,
      planned.filter(({ handedOverAt }) => handedOverAt > at),
    );
    const leaving: HandOver[] = [];
    for (const { number, carrier, handedOverAt, hops } of planned) {
      if (handedOverAt > at) continue;
      const product = flight.inventory.handOver(number, satellite, at);
      if (product === null) continue;
      flight.log?.tell({
        type: "handed over",
        at,
        product: flight.inventory.nameOf(number),
        bytes: product.size,
        to: carrier,
        hops: hops.map(({ from, to, start, end }) => ({ from, to, start, end })),
      });
      const payload = payloads === null ? null : await payloads.read(product);
      leaving.push({ from: satellite, to: carrier, product, hops, payload });
    }
    return leaving;
  }

  async #arrive({ to, product, hops, payload }: HandOver, at: Instant): Promise<void> {
    for (const { from, start, end } of hops) {
      const sender = this.#members.get(from);
      if (sender === undefined) continue;
      const use = this.#uses.get(from) as Use;
      use.handedOver++;
      use.bytes += product.size;
      use.seconds += end - start;
    }
    const carrier = this.#members.get(to);
    if (carrier === undefined) return;
    const { inventory } = carrier.flight;
    const slot = carrier.bytes === null || payload === null ? null : await carrier.bytes.write(payload);
    inventory.receive({ ...product, slot }, at);
    // Its way has been found; it is not on offer again.
    inventory.arrivals();
  }
}

/** Hand-overs come in the order of their senders, whichever shard named them first. */
const bySender = (a: HandOver, b: HandOver): number =>
  a.from < b.from ? -1 : a.from > b.from ? 1 : a.product.acquisition - b.product.acquisition;

/** Tips are heard in the order in which they are there, whichever shard named them first. */
const byTip = (a: TipNote, b: TipNote): number =>
  a.toldAt - b.toldAt || (a.tip.id < b.tip.id ? -1 : a.tip.id > b.tip.id ? 1 : 0);

/** The exchange of a run in one process: there is nobody else. */
export const alone: Exchange = async (_, notes) => [notes];

/** When epochs end within [from, to]. */
export function* epochEnds({ origin, length }: Epochs, to: Instant): Generator<readonly [number, Instant]> {
  for (let epoch = 0; origin + epoch * length < to; epoch++) {
    yield [epoch, instant(Math.min(to, origin + (epoch + 1) * length))];
  }
}
