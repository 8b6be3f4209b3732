import { isSwathError, messageOf } from "../pipeline/errors.ts";
import type { RunPlan } from "../pipeline/bus/run-plan.ts";
import type { Detector } from "../pipeline/detection/detector.ts";
import { encodeEnvelope, envelopeOverheadBytes } from "../pipeline/link/envelope.ts";
import { spacecraftId } from "../pipeline/link/frame.ts";
import type {
  AcquisitionRecord,
  ContactUse,
  ProductRecord,
  SatelliteLedger,
} from "../pipeline/meter/ledger.ts";
import type { Acquisition } from "../pipeline/orbit/acquisition.ts";
import type { SceneSource } from "../pipeline/raster/scene.ts";
import { openSpool } from "../pipeline/spool.ts";
import { bytes, instant, joules, seconds, type Instant } from "../pipeline/units.ts";
import { processAcquisition, type Onboard, type ReadyDraft } from "./onboard.ts";
import { captureEnergy } from "./platform.ts";
import { priorityOf } from "./select.ts";
import { OnboardStore, type StoredProduct } from "./store.ts";
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
  readonly scratchFolder: string;
  readonly inFlight: number;
  /** Throw at the first scene that cannot be read, instead of writing it down and going on. */
  readonly strict: boolean;
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

/**
 * Flies one satellite through its timeline: acquisitions go through the computer in order of time, their products wait
 * in the store, contacts empty it. Discrete events, no timer; the same plan gives the same ledger and the same bytes.
 */
export const flyMission = async (
  plan: RunPlan,
  satellite: string,
  acquisitions: readonly Acquisition[],
  ports: MissionPorts,
): Promise<SatelliteLedger> => {
  const { hardware } = plan;
  const onboard: Onboard = {
    policy: plan.policy,
    hardware,
    bands: plan.bands,
    tile: plan.tile,
    detector: ports.detector,
    measureLossless: plan.measureLossless,
    envelopeOverheadBytes,
    inFlight: ports.inFlight,
  };
  await using spool = await openSpool(ports.scratchFolder);
  const store = new OnboardStore(hardware.storeCapacity);
  const products = new Map<number, ProductRecord>();
  const records: AcquisitionRecord[] = [];
  const uses: ContactUse[] = [];
  /** Ready some time, not yet in the store: in order of `readyAt`, since there is one computer. */
  const arriving: StoredProduct[] = [];
  let computerFree = instant(0);

  const keep = async (acquisition: Acquisition, draft: ReadyDraft): Promise<void> => {
    const number = products.size;
    const priority = priorityOf[draft.kind];
    const { kind, tile, readyAt, payload } = draft;
    const place = { number, kind, acquisition: acquisition.index, tile, readyAt };
    const envelope = encodeEnvelope({ ...place, priority, payload });
    const size = envelope.byteLength;
    arriving.push({ ...place, priority, size, slot: await spool.write(envelope) });
    products.set(number, { ...place, size: bytes(size), fate: "on-board" });
  };

  const takeOne = async (acquisition: Acquisition): Promise<void> => {
    await ports.pace(acquisition.at);
    try {
      await using reader = await ports.source.open(acquisition.scene);
      const drafts = processAcquisition(onboard, acquisition, reader, computerFree);
      let step = await drafts.next();
      for (; !step.done; step = await drafts.next()) await keep(acquisition, step.value);
      records.push(step.value);
      computerFree = step.value.readyAt;
      const { tiles, detections } = step.value;
      ports.notify({ type: "Acquisition:Processed", scene: acquisition.scene, tiles, detections });
    } catch (error) {
      if (ports.strict || !isLocalFailure(error)) throw error;
      withdraw(acquisition.index);
      records.push(failedRecord(acquisition.index, acquisition.at, messageOf(error)));
      ports.notify({ type: "Acquisition:Failed", scene: acquisition.scene, reason: messageOf(error) });
    }
  };

  /** Takes back the products of an acquisition that broke off: half a scene would pass for a whole one. */
  const withdraw = (acquisition: number): void => {
    while (arriving.at(-1)?.acquisition === acquisition) {
      products.delete((arriving.pop() as StoredProduct).number);
    }
  };

  const setFate = (number: number, fate: ProductRecord["fate"]): void => {
    products.set(number, { ...(products.get(number) as ProductRecord), fate });
  };
  const settle = (t: Instant): void => {
    while (arriving[0] !== undefined && arriving[0].readyAt <= t) {
      for (const { product, reason } of store.put(arriving.shift() as StoredProduct)) {
        setFate(product.number, reason);
        ports.notify({ type: "Product:Evicted", bytes: product.size, reason });
      }
    }
  };

  const recent = new Map<number, Uint8Array>();
  const radio: Radio = {
    satellite,
    spacecraftId: spacecraftId(satellite),
    rate: plan.rate,
    send: ports.send,
    report: ports.report,
    async read(product) {
      const known = recent.get(product.number);
      if (known !== undefined) return known;
      const envelope = await spool.read(product.slot);
      recent.set(product.number, envelope);
      if (recent.size > 16) recent.delete(recent.keys().next().value as number);
      return envelope;
    },
  };

  const waiting = acquisitions.toSorted((a, b) => a.at - b.at || a.index - b.index);
  const contacts = plan.contacts.contacts.filter((contact) => contact.satellite === satellite);
  for (const contact of contacts) {
    while (waiting[0] !== undefined && waiting[0].at < contact.los) {
      await takeOne(waiting.shift() as Acquisition);
    }
    await ports.pace(contact.los);
    const outbox = { store, settle, nextArrival: () => arriving[0]?.readyAt ?? null };
    const use = await transmit(radio, outbox, contact);
    uses.push(use);
    ports.notify({ type: "Contact:Closed", contact: contact.id, bytes: use.total });
  }
  for (const acquisition of waiting) await takeOne(acquisition);
  settle(plan.contacts.to);

  const left = new Set([...store.products, ...arriving].map(({ number }) => number));
  for (const [number, record] of products) {
    if (record.fate === "on-board" && !left.has(number)) setFate(number, "delivered");
  }
  const computing = records.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0);
  const sending = uses.reduce((sum, { transmitSeconds }) => sum + transmitSeconds, 0);
  const samples = records.reduce((sum, record) => sum + record.samples, 0);
  return {
    schema: "swath-satellite-ledger/1",
    satellite,
    acquisitions: records.toSorted((a, b) => a.index - b.index),
    products: [...products.values()],
    contacts: uses,
    energy: {
      camera: captureEnergy(hardware, samples),
      compute: joules(hardware.computePower * computing),
      radio: joules(hardware.radioPower * sending),
    },
  };
};
