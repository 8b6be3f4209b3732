import { isSwathError, messageOf } from "../pipeline/errors.ts";
import type { RunPlan } from "../pipeline/bus/run-plan.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import { LinkMeter } from "../pipeline/link/metered.ts";
import { spacecraftId } from "../pipeline/link/frame.ts";
import type { AcquisitionRecord, ContactUse, SatelliteLedger } from "../pipeline/meter/ledger.ts";
import type { Acquisition } from "../pipeline/orbit/acquisition.ts";
import type { TileCodec } from "../pipeline/product/tile-codec.ts";
import type { SceneSource } from "../pipeline/raster/scene.ts";
import { openSpool } from "../pipeline/spool.ts";
import { bytes, instant, joules, seconds, type Instant } from "../pipeline/units.ts";
import { Inventory } from "./inventory.ts";
import { processAcquisition, type Onboard } from "./onboard.ts";
import { captureEnergy } from "./platform.ts";
import { transmit, type Radio } from "./transmit.ts";

/** What a satellite reports while it flies; for people who watch, never part of a result. */
export type SatelliteEvent =
  | {
      readonly type: "Acquisition:Processed";
      readonly scene: string;
      readonly tiles: number;
      readonly detections: number;
    }
  | { readonly type: "Acquisition:Failed"; readonly scene: string; readonly reason: string }
  | { readonly type: "Product:Evicted"; readonly bytes: number; readonly reason: string }
  | { readonly type: "Contact:Closed"; readonly contact: string; readonly bytes: number };

/** What a satellite needs from outside. It knows no NATS. */
export interface MissionPorts {
  readonly source: SceneSource;
  /** Null when the policy detects on the ground. */
  readonly detector: Detector | null;
  readonly send: Radio["send"];
  readonly report: Radio["report"];
  readonly notify: (event: SatelliteEvent) => void;
  /** Waits until the wall clock has come to mission time `t`; returns at once when nobody watches. */
  readonly pace: (t: Instant) => Promise<void>;
  /** Where the store's payloads are spooled. */
  readonly scratchFolder: string;
  /** Tiles under way at once. */
  readonly codec: TileCodec;
  readonly inFlight: number;
  /** Throw at the first scene that cannot be read, instead of writing it down and going on. */
  readonly strict: boolean;
  readonly signal: AbortSignal;
}

/** What one bad scene may cost: itself. Everything else (disk full, NATS gone, a bug) ends the flight. */
const isLocalFailure = (error: unknown): boolean =>
  isSwathError(error, "raster") || isSwathError(error, "dataset");

const failedRecord = (index: number, at: Instant, reason: string): AcquisitionRecord => ({
  index,
  failure: reason,
  startedAt: at,
  readyAt: at,
  samples: 0,
  sensorBytes: bytes(0),
  losslessBytes: bytes(0),
  tiles: 0,
  emptyTiles: 0,
  cloudyTiles: 0,
  emptyBytes: bytes(0),
  cloudyBytes: bytes(0),
  modelTiles: 0,
  detections: 0,
  computeSeconds: seconds(0),
});

const energyOf = (
  hardware: RunPlan["hardware"],
  records: readonly AcquisitionRecord[],
  uses: readonly ContactUse[],
): SatelliteLedger["energy"] => {
  const computing = records.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0);
  const sending = uses.reduce((sum, { transmitSeconds }) => sum + transmitSeconds, 0);
  const samples = records.reduce((sum, record) => sum + record.samples, 0);
  return {
    camera: captureEnergy(hardware, samples),
    compute: joules(hardware.computePower * computing),
    radio: joules(hardware.radioPower * sending),
  };
};

/**
 * Flies one satellite through its timeline: acquisitions go through the computer in order of time, their products wait
 * in the store, contacts empty it. Discrete events, no timer; the same plan gives the same ledger and the same bytes.
 *
 * A scene that cannot be read costs itself alone: it is written down, and none of its products is sent, since half a scene
 * would pass for a whole one. Throws at it when `strict`; throws everything else, and the reason of `signal`.
 */
export const flyMission = async (
  plan: RunPlan,
  satellite: string,
  acquisitions: readonly Acquisition[],
  ports: MissionPorts,
): Promise<SatelliteLedger> => {
  const { policy, hardware, bands, tile, measureLossless } = plan;
  const { detector, codec, inFlight, notify, signal } = ports;
  const onboard: Onboard = {
    policy,
    hardware,
    bands,
    tile,
    measureLossless,
    detector,
    codec,
    inFlight,
    signal,
  };
  await using spool = await openSpool(ports.scratchFolder);
  const inventory = new Inventory(spool, hardware.storeCapacity, ({ product, reason }) =>
    notify({ type: "Product:Evicted", bytes: product.size, reason }),
  );
  const radio: Radio = {
    satellite,
    spacecraftId: spacecraftId(satellite),
    rate: plan.rate,
    meter: new LinkMeter((product) => inventory.kindOf(product)),
    send: ports.send,
    report: ports.report,
    read: (product) => inventory.read(product),
  };
  const records: AcquisitionRecord[] = [];
  let computerFree = instant(0);

  const processOne = async (acquisition: Acquisition): Promise<AcquisitionRecord> => {
    const { index, at } = acquisition;
    try {
      await using reader = await ports.source.open(acquisition.scene);
      return await processAcquisition(onboard, acquisition, reader, computerFree, (draft) =>
        inventory.add(index, draft),
      );
    } catch (error) {
      signal.throwIfAborted();
      if (ports.strict || !isLocalFailure(error)) throw error;
      inventory.withdraw(index);
      return failedRecord(index, at, messageOf(error));
    }
  };

  const takeOne = async (acquisition: Acquisition): Promise<void> => {
    signal.throwIfAborted();
    await ports.pace(acquisition.at);
    const record = await processOne(acquisition);
    const { failure, readyAt, tiles, detections } = record;
    const { scene } = acquisition;
    records.push(record);
    if (failure === null) {
      computerFree = readyAt;
      notify({ type: "Acquisition:Processed", scene, tiles, detections });
    } else notify({ type: "Acquisition:Failed", scene, reason: failure });
  };

  const waiting = acquisitions.toSorted((a, b) => a.at - b.at || a.index - b.index);
  const contacts = plan.contacts.contacts.filter((contact) => contact.satellite === satellite);
  const uses: ContactUse[] = [];
  for (const contact of contacts) {
    while (waiting[0] !== undefined && waiting[0].at < contact.los) {
      await takeOne(waiting.shift() as Acquisition);
    }
    signal.throwIfAborted();
    await ports.pace(contact.los);
    const use = await transmit(radio, inventory, contact);
    uses.push(use);
    notify({ type: "Contact:Closed", contact: contact.id, bytes: use.total });
  }
  for (const acquisition of waiting) await takeOne(acquisition);
  inventory.settle(plan.contacts.to);
  return {
    schema: "swath-satellite-ledger/1",
    satellite,
    acquisitions: records.toSorted((a, b) => a.index - b.index),
    products: inventory.close(),
    contacts: uses,
    energy: energyOf(hardware, records, uses),
  };
};
