import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { OrderPlan } from "../../pipeline/mission/order-plan.ts";
import type { TenancyPlan } from "../../pipeline/mission/tenancy-plan.ts";
import type { LinkErrors, MeshPlan } from "../../pipeline/mission/run-plan.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import type { Workload, WorkloadEntry } from "../../pipeline/mission/workload.ts";
import type { Contact, ContactPlan, GroundStation } from "../../pipeline/orbit/contact.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { seconds, type Instant } from "../../pipeline/units.ts";
import { ArrivalBook } from "./arrival-book.ts";
import { openCountedTransmission, type CountedArrival } from "./counted-radio.ts";
import { drawnEstimate, drawnWork, type DrawnWork } from "./drawn-work.ts";
import { drawForAll, entryOfOrder } from "./entry-draw.ts";
import { Flight } from "../flight/flight.ts";
import { Mesh, type Exchange } from "../mesh/mesh.ts";
import { flyMesh, type EpochKeeper } from "./mesh-flight.ts";
import type { RouteSharing } from "../mesh/shared-routing.ts";
import { openMeshRouter } from "../mesh/mesh-router.ts";
import { terminalStretches, terminalTime } from "../flight/terminal-stretches.ts";
import { lookHandler } from "../orders/look-handler.ts";
import type { OrderHandlers } from "../orders/order-handler.ts";
import type { OrderPorts } from "../orders/order-queue.ts";
import { openBody } from "../platform/body.ts";
import { effectiveOps } from "../platform/computer.ts";
import { BoardTenancy } from "../tenancy/board-tenancy.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** A constellation to be flown without pixels: plain data, the same for every shard of it. */
export interface SimulationPlan {
  readonly seed: number;
  readonly spacecraft: Spacecraft;
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly acquisitions: readonly Acquisition[];
  readonly contacts: ContactPlan;
  readonly rate: LinkRate;
  /** Of the link: what it takes of every frame. */
  readonly protection: LinkProtection;
  readonly errors: LinkErrors;
  /** `null`: satellites do not talk to each other. */
  readonly mesh: MeshPlan | null;
  readonly workload: Pick<Workload, "computer" | "precision">;
  /** What acquisitions are drawn from. */
  readonly entries: readonly WorkloadEntry[];
  /** Acquisition n is entry n, instead of a draw; those that were ordered are drawn in any case. */
  readonly inOrder: boolean;
  /** What satellites are ordered to do, as planned; absent in a mission without orders. */
  readonly orders?: OrderPlan;
  /** Quotas and shares of those who use the mission; absent where nobody in particular does. */
  readonly tenancy?: TenancyPlan;
}

/** A satellite at the end of its horizon: its ledger, and what it delivered. */
export interface FlownSatellite {
  readonly ledger: SatelliteLedger;
  readonly arrivals: readonly CountedArrival[];
}

/** Which part of the constellation is flown here. */
export interface Shard {
  /** 0 … of − 1: every `of`-th satellite. */
  readonly index: number;
  readonly of: number;
  readonly exchange: Exchange;
  /** How shards share the search for routes; absent: each searches all. */
  readonly sharing?: RouteSharing;
}

/** How a simulation is watched and stopped: nothing here changes a result. */
export interface SimulationPorts {
  readonly signal: AbortSignal;
  /** Satellites whose ledgers are known already: left out. Empty with a mesh. */
  readonly isKnown?: (satellite: string) => boolean;
  /** Who writes down what happens to a satellite; it changes nothing. */
  readonly logOf?: (satellite: string) => FlightLog;
  /** Whether ledgers have series of charge and temperature, 7 kB a satellite; they have unless told otherwise. */
  readonly keepsSeries?: boolean;
  /** How satellites hear orders in their contacts; called only where the plan has orders. */
  readonly hear?: OrderPorts["hear"];
  /** Where a mesh is kept between epochs; absent: a flight that was killed begins again. */
  readonly keeper?: EpochKeeper;
  /** An epoch of a mesh is over; mission time. */
  readonly onEpoch?: (end: Instant) => void;
}

/** How long a piece of an entry's work takes on the spacecraft of a plan. Work in the time of another computer than the one that measured it: scaled by what all of the entry takes on each. */
export const timeOn = ({
  workload,
  spacecraft,
}: Pick<SimulationPlan, "workload" | "spacecraft">): DrawnWork["timeOf"] => {
  const measured = workload.computer as unknown as Spacecraft["computer"];
  const own = spacecraft.computer;
  if (JSON.stringify(measured) === JSON.stringify(own)) return (_, work) => work;
  const total = (computer: Spacecraft["computer"], entry: WorkloadEntry): number =>
    entry.tiles * computer.tileOverhead +
    entry.operations / effectiveOps(computer, workload.precision) +
    entry.encodedSamples / computer.samplesPerSecond;
  return (entry, work) => seconds((work * total(own, entry)) / total(measured, entry));
};

const groupBySatellite = <Item extends { readonly satellite: string }>(
  items: readonly Item[],
): ReadonlyMap<string, readonly Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.satellite);
    if (group === undefined) groups.set(item.satellite, [item]);
    else group.push(item);
  }
  return groups;
};

/** What a satellite without pixels obeys: looks, whose work is drawn. Whether an order is signed was for the ground to see. */
const handlersOf = (acquisitions: readonly Acquisition[]): OrderHandlers => ({
  look: lookHandler(
    new Map(acquisitions.flatMap((one) => (one.order === undefined ? [] : [[one.order, one]]))),
  ),
});

/**
 * Flies the satellites of a shard through the horizon, through the same store, platform, link and routes as satellites with
 * pixels. Yields each when its ledger is closed, in the order of the constellation.
 */
export async function* simulate(
  plan: SimulationPlan,
  shard: Shard,
  { signal, isKnown, logOf, onEpoch, hear, keeper, keepsSeries = true }: SimulationPorts,
): AsyncGenerator<FlownSatellite> {
  const { spacecraft, rate, protection, errors, seed, mesh } = plan;
  const { from, to } = plan.contacts;
  const contacts = groupBySatellite<Contact>(plan.contacts.contacts);
  const acquisitions = groupBySatellite<Acquisition>(plan.acquisitions);
  const isKept = spacecraft.power !== null || spacecraft.heat !== null;
  const timeOf = timeOn(plan);
  const owners = new Map((plan.orders?.planned ?? []).map(({ order }) => [order.id, order]));
  const terminals = mesh === null ? null : terminalStretches(mesh.crosslinks);
  const offload = mesh?.offload ?? null;
  const ofAll = offload === null ? null : drawForAll(plan, (satellite) => acquisitions.get(satellite) ?? []);
  const board = (satellite: Satellite) => {
    const arrivals = new ArrivalBook();
    const log = logOf?.(satellite.id);
    const random = seeded(seed, "workload", satellite.id);
    const entryInTurn = (one: Acquisition): WorkloadEntry => {
      const { entries, inOrder } = plan;
      if (one.order !== undefined) return entryOfOrder(plan, one);
      return entries[inOrder ? one.index : random.integer(entries.length)] as WorkloadEntry;
    };
    const entryOf = ofAll ?? entryInTurn;
    const own = acquisitions.get(satellite.id) ?? [];
    const terminalsOn = terminals?.get(satellite.id) ?? [];
    const transmission = openCountedTransmission({
      rate,
      errors: { ...errors, seed },
      onArrival(arrival) {
        arrivals.add(arrival);
        const { product, station, firstSentAt, completedAt, atCentre } = arrival;
        const { acquisition, kind, tile } = product;
        const name = { acquisition, kind, tile };
        log?.tell({ type: "landed", product: name, station, firstSentAt, completedAt, atCentre });
      },
    });
    const flight = new Flight(
      {
        satellite: satellite.id,
        spacecraft,
        rate,
        protection,
        from,
        to,
        acquisitions: own,
        contacts: contacts.get(satellite.id) ?? [],
        terminalsOn,
        ...(plan.tenancy === undefined
          ? {}
          : { tenancy: new BoardTenancy(plan.tenancy, satellite.id, owners) }),
        body: isKept ? openBody(spacecraft, satellite, from, to, log ?? null, keepsSeries) : null,
      },
      {
        work: drawnWork({ entryOf, timeOf }),
        ...(offload === null ? {} : { estimate: drawnEstimate({ entryOf, timeOf }) }),
        transmitter: () => transmission.transmit,
        notify: () => undefined,
        pace: async () => undefined,
        ...(plan.orders === undefined || hear === undefined
          ? {}
          : { orders: { errors, seed, ports: { hear, verify: () => null, handlers: handlersOf(own) } } }),
        ...(log === undefined ? {} : { log }),
        signal,
      },
    );
    return {
      satellite: satellite.id,
      flight,
      terminalTime: terminalTime(terminalsOn),
      arrivals,
      transmission,
      random,
      bytes: null,
    };
  };
  const ours = plan.satellites.filter((_, index) => index % shard.of === shard.index);
  if (mesh === null) {
    for (const satellite of ours) {
      if (isKnown?.(satellite.id) === true) continue;
      const { flight, arrivals } = board(satellite);
      const ledger = await flight.close();
      yield { ledger, arrivals: arrivals.of(ledger) };
    }
    return;
  }
  const members = ours.map(board);
  const { crosslink } = spacecraft;
  if (crosslink === null) throw new RangeError("a mesh of satellites without terminals");
  const ids = new Set(plan.satellites.map(({ id }) => id));
  const epochs = { origin: from, length: mesh.epoch };
  const router = openMeshRouter(
    mesh,
    crosslink,
    plan.contacts,
    rate,
    plan.stations.map(({ id }) => id),
  );
  const net = new Mesh(members, {
    router,
    isSatellite: (node) => ids.has(node),
    epochs,
    power: crosslink.power,
    exchange: shard.exchange,
    ...(shard.sharing === undefined ? {} : { sharing: shard.sharing }),
    ...(offload === null
      ? {}
      : {
          offload: {
            rule: offload,
            power: spacecraft.computer.power,
            to,
            acquisitionOf: (index) => plan.acquisitions[index] as Acquisition,
          },
        }),
  });
  const { exchange } = shard;
  const flown = flyMesh({
    members,
    net,
    router,
    epochs,
    to,
    exchange,
    keeper: keeper ?? null,
    ...(onEpoch === undefined ? {} : { onEpoch }),
  });
  for await (const { ledger, arrivals } of flown) yield { ledger, arrivals: arrivals.of(ledger) };
}
