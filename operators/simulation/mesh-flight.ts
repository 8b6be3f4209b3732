import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import type { Seeded, SeededSnapshot } from "../../pipeline/seeded.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { FlightSnapshot } from "../flight/flight-snapshot.ts";
import {
  beforeFirst,
  epochEnds,
  type Exchange,
  type Mesh,
  type MeshMember,
  type MeshSnapshot,
} from "../mesh/mesh.ts";
import type { Router, RouterSnapshot } from "../mesh/routing.ts";
import type { Epochs } from "../mesh/routing-epoch.ts";
import type { NumberRowsSnapshot } from "../flight/number-rows.ts";
import type { ArrivalBook } from "./arrival-book.ts";
import type { CountedSnapshot, CountedTransmission } from "./counted-radio.ts";

/** A satellite of a simulated mesh, with all that it remembers. */
export interface SimulatedMember extends MeshMember {
  readonly arrivals: ArrivalBook;
  readonly transmission: CountedTransmission;
  /** What its work is drawn from. */
  readonly random: Seeded;
}

/** One satellite between two epochs: plain data. */
export interface MemberSnapshot {
  readonly satellite: string;
  readonly flight: FlightSnapshot;
  readonly arrivals: NumberRowsSnapshot;
  readonly partials: CountedSnapshot;
  readonly random: SeededSnapshot;
  readonly mesh: MeshSnapshot;
}

/** Satellites and routes between two epochs. Members are made one by one: nobody holds a constellation twice. */
export interface EpochSnapshot<Members = Iterable<MemberSnapshot>> {
  readonly router: RouterSnapshot;
  readonly members: Members;
}

/** Where the satellites of a shard are kept between epochs, so that a flight that was killed goes on from there. Nothing here changes a result. */
export interface EpochKeeper {
  /** Epochs behind which this shard can go on: it does so behind the last that all shards have. */
  readonly epochs: readonly number[];
  /** The others are still in flight, and this shard was in it up to that epoch: it goes on behind it by itself. `null`: all begin together. */
  readonly rejoins: number | null;
  /** The satellites of this shard, among others, as they were behind one of these epochs. */
  readonly read: (epoch: number) => Promise<EpochSnapshot<AsyncIterable<MemberSnapshot>>>;
  /** Called once: the flight begins behind that epoch; `null`: at the beginning. */
  readonly begin: (epoch: number | null) => Promise<void>;
  /** Called instead: satellites of this flight hold more than is kept of them. */
  readonly refuse: () => void;
  /** Whether it is time to keep everything once more. All shards keep the same epochs. */
  readonly isDue: () => boolean;
  readonly keep: (epoch: number, snapshot: EpochSnapshot) => Promise<void>;
}

/** What a mesh is flown with. */
export interface MeshFlight {
  readonly members: readonly SimulatedMember[];
  readonly net: Mesh;
  readonly router: Router;
  readonly epochs: Epochs;
  readonly to: Instant;
  readonly exchange: Exchange;
  /** `null`: after a kill all is flown again. */
  readonly keeper: EpochKeeper | null;
  readonly onEpoch?: (end: Instant) => void;
}

const snapshotOf = (net: Mesh, member: SimulatedMember): MemberSnapshot | null => {
  const { satellite, arrivals, transmission, random } = member;
  const flight = member.flight.snapshot();
  return (
    flight && {
      satellite,
      flight,
      arrivals: arrivals.snapshot(),
      partials: transmission.snapshot(),
      random: random.snapshot(),
      mesh: net.snapshot(satellite),
    }
  );
};

function* snapshotsOf(net: Mesh, members: readonly SimulatedMember[]): Generator<MemberSnapshot> {
  for (const member of members) {
    const snapshot = snapshotOf(net, member);
    if (snapshot === null) throw new RangeError(`${member.satellite} holds what is not kept`);
    yield snapshot;
  }
}

/** The last epoch behind which every shard can go on; `null`: there is none. */
const agree = async ({ epochs, rejoins }: EpochKeeper, exchange: Exchange): Promise<number | null> => {
  if (rejoins !== null) return rejoins;
  const all = await exchange(beforeFirst, { offers: [], handOvers: [], known: epochs });
  const common = epochs.filter((epoch) => all.every(({ known = [] }) => known.includes(epoch)));
  return common.length === 0 ? null : Math.max(...common);
};

const restore = async (
  { members, net, router }: MeshFlight,
  snapshot: EpochSnapshot<AsyncIterable<MemberSnapshot>>,
): Promise<void> => {
  router.restore(snapshot.router);
  const missing = new Map(members.map((member) => [member.satellite, member]));
  for await (const { satellite, flight, arrivals, partials, random, mesh } of snapshot.members) {
    const member = missing.get(satellite);
    if (member === undefined) continue;
    missing.delete(satellite);
    member.flight.restore(flight);
    member.arrivals.restore(arrivals);
    member.transmission.restore(partials);
    member.random.restore(random);
    net.restore(satellite, mesh);
  }
  for (const satellite of missing.keys()) throw new RangeError(`no snapshot of ${satellite}`);
};

/** Flies all epochs of a mesh, or those that a flight that was killed has left. */
const flyEpochs = async (mesh: MeshFlight): Promise<void> => {
  const { members, net, router, epochs, to, exchange, onEpoch } = mesh;
  const isKept = members.every((member) => snapshotOf(net, member) !== null);
  const keeper = isKept ? mesh.keeper : null;
  if (!isKept) mesh.keeper?.refuse();
  const after = keeper === null ? null : await agree(keeper, exchange);
  if (keeper !== null && after !== null) await restore(mesh, await keeper.read(after));
  await keeper?.begin(after);
  for (const [epoch, end] of epochEnds(epochs, to)) {
    if (after !== null && epoch <= after) continue;
    for (const { flight } of net.awake(end)) await flight.advance(end);
    const isWanted = await net.endEpoch(epoch, end, keeper?.isDue() ?? false);
    onEpoch?.(end);
    if (keeper !== null && isWanted)
      await keeper.keep(epoch, { router: router.snapshot(), members: snapshotsOf(net, members) });
  }
};

/** Flies a mesh to its end: the members with their ledgers, in order. */
export async function* flyMesh(
  mesh: MeshFlight,
): AsyncGenerator<{ readonly ledger: SatelliteLedger; readonly arrivals: ArrivalBook }> {
  await flyEpochs(mesh);
  const { net } = mesh;
  for (const { satellite, flight, arrivals } of mesh.members)
    yield { ledger: await flight.close(net.useOf(satellite), net.pixelsOf(satellite)), arrivals };
}
