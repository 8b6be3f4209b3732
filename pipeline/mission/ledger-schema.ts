import type { FrameRefusal } from "../link/frames/frame-security.ts";
import { z } from "zod";
import { SwathError } from "../errors.ts";
import { productKinds } from "../product/product.ts";
import { orderAnswerSchema } from "../orders/order-answer.ts";
import { orderKindNames, type OrderKindName } from "../orders/order.ts";
import { trialFigures, type TrialFigure } from "../orders/promotion-rule.ts";
import type { SatelliteLedger, StationLedger } from "./ledger.ts";

/** Longest ledger that is read: a satellite with half a million products. */
const longestLedger = 256 * 1024 * 1024;

const count = z.int().min(0);
const real = z.number();
const amount = z.number().min(0);
const name = z.string().max(300);

const acquisition = z.strictObject({
  index: count,
  failure: z.string().max(4000).nullable(),
  startedAt: real,
  readyAt: real,
  samples: amount,
  sensorBytes: amount,
  losslessBytes: amount.nullable(),
  tiles: count,
  emptyTiles: count,
  cloudyTiles: count,
  emptyBytes: amount,
  cloudyBytes: amount,
  modelTiles: count,
  detections: count,
  operations: amount,
  encodedSamples: amount,
  computeSeconds: amount,
  upsets: z
    .strictObject({
      weights: count,
      tiles: count,
      corrected: count,
      reloads: count,
      lostTiles: count,
      lostBytes: amount,
      protectionSeconds: amount,
    })
    .optional(),
  tenancy: z
    .strictObject({
      reserved: z.array(z.strictObject({ tenant: name, amount: count })),
      refused: z.array(z.strictObject({ tenant: name, amount: count, free: count })),
    })
    .optional(),
  workloads: z
    .array(
      z.strictObject({
        workload: name,
        tenant: name,
        operations: amount,
        computeSeconds: amount,
        loadSeconds: amount,
        detections: count,
      }),
    )
    .optional(),
  origin: name.optional(),
});

const product = z.strictObject({
  number: count,
  kind: z.enum(productKinds),
  acquisition: count,
  tile: count.nullable(),
  readyAt: real,
  workAt: real,
  value: real,
  size: count,
  fate: z.enum(["delivered", "on-board", "store-full", "handed-over"]),
  origin: name.nullable(),
  askedAt: real.optional(),
  leftAt: real.optional(),
  digest: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
});

const contact = z.strictObject({
  contact: name,
  turns: count,
  silentTurns: count,
  transmitSeconds: amount,
  frames: count,
  total: count,
  payload: z.record(z.enum(productKinds), count),
  resent: count,
  idle: count,
  framing: count,
});

const energy = z.strictObject({ camera: amount, compute: amount, radio: amount });
const body = z.strictObject({
  power: z
    .strictObject({
      generated: amount,
      demanded: amount,
      unmet: amount,
      lost: real,
      shed: real,
      initialStored: amount,
      finalStored: amount,
      minCharge: real,
      finalCharge: real,
    })
    .nullable(),
  heat: z.strictObject({ min: real, max: real, final: real }).nullable(),
  loads: z.strictObject({
    base: amount,
    contact: amount,
    camera: amount,
    compute: amount,
    transmit: amount,
    crosslink: amount,
    slew: amount.optional(),
  }),
  eclipse: amount,
  waits: z.array(z.strictObject({ from: real, to: real, reason: z.enum(["battery", "heat"]) })),
  throttled: amount,
  series: z.strictObject({
    at: z.array(real),
    charge: z.array(real).nullable(),
    temperature: z.array(real).nullable(),
  }),
});

const asked = z.strictObject({
  captures: z.array(z.strictObject({ acquisition: count, size: amount, givenUpAt: real.nullable() })),
  tiles: z.array(
    z.strictObject({
      acquisition: count,
      tile: count,
      at: real,
      answer: z.enum(["made", "gone", "unreadable"]),
    }),
  ),
  uplink: amount,
  computeSeconds: amount,
  encodedSamples: amount,
});

/** What a satellite heard of orders. */
export const ordersLedgerSchema: z.ZodType = z.strictObject({
  orders: z.array(
    z.strictObject({
      id: name,
      kind: z.enum(orderKindNames as readonly [OrderKindName, ...OrderKindName[]]),
      tenant: name,
      contact: name,
      heardAt: real,
      answers: z.array(orderAnswerSchema),
      toldAt: z.array(real),
    }),
  ),
  uplink: z.strictObject({ bytes: count, frames: count, lostFrames: count, receiveSeconds: amount }),
  answers: z.strictObject({ bytes: count, frames: count, lostFrames: count, transmitSeconds: amount }),
  receiveEnergy: amount,
  sent: z
    .array(z.strictObject({ order: name, tenant: name, contact: name, at: real, bytes: count }))
    .optional(),
});

const modelName = { model: name, sha256: name };
const figures = z.partialRecord(
  z.enum(Object.keys(trialFigures) as [TrialFigure, ...TrialFigure[]]),
  real.nullable(),
);

const models = z.strictObject({
  changes: z.array(
    z.strictObject({
      ...modelName,
      at: real,
      why: z.enum(["launched", "installed", "promoted", "activated", "rolled back"]),
      order: name.nullable(),
    }),
  ),
  trials: z.array(
    z.strictObject({
      ...modelName,
      order: name,
      installedAt: real,
      acquisitions: count,
      computeSeconds: amount,
      computeEnergy: amount,
      figures: z.strictObject({ old: figures, next: figures }),
      outcome: z.enum(["promoted", "rejected", "failed", "under way"]),
      why: z.string().max(10_000),
      endedAt: real.nullable(),
      watched: count.optional(),
    }),
  ),
  mostBytes: count,
});

const tip = {
  id: name,
  cue: name,
  satellite: name,
  acquisition: count,
  scene: name,
  className: name,
  score: real,
  bbox: z.tuple([real, real, real, real]),
  takenAt: real,
  readyAt: real,
  until: real,
};

/** A tip of a cue. */
export const cueTipSchema = z.strictObject(tip);

const cues = z.strictObject({
  tips: z.array(
    z.strictObject({
      ...tip,
      route: z.enum(["own", "ground", "crosslinks"]).nullable(),
      follower: name.nullable(),
    }),
  ),
  followed: z.array(
    z.strictObject({
      tip: cueTipSchema,
      route: z.enum(["own", "crosslinks"]),
      heardAt: real,
      acquisition: count.nullable(),
    }),
  ),
  across: z.strictObject({ messages: count, bytes: count }),
});

const satelliteSchema = z.strictObject({
  schema: z.literal("swath-satellite-ledger/1"),
  satellite: name,
  acquisitions: z.array(acquisition),
  products: z.array(product),
  contacts: z.array(contact),
  energy,
  body: body.nullable(),
  crosslinks: z
    .strictObject({
      handedOver: count,
      bytes: amount,
      transmitSeconds: amount,
      terminalSeconds: amount,
      energy: amount,
    })
    .nullable(),
  offload: z
    .strictObject({
      given: z.array(
        z.strictObject({
          acquisition: count,
          tiles: count,
          samples: amount,
          bytes: amount,
          work: amount,
          to: name,
          at: real,
          from: real,
        }),
      ),
      sent: z.strictObject({ batches: count, bytes: amount, transmitSeconds: amount }),
    })
    .optional(),
  asked: asked.optional(),
  orders: ordersLedgerSchema.optional(),
  models: models.optional(),
  cues: cues.optional(),
});

const stationSchema = z.strictObject({
  schema: z.literal("swath-station-ledger/1"),
  station: name,
  satellites: z.array(
    z
      .strictObject({
        satellite: name,
        frames: count,
        acceptedFrames: count,
        correctedFrames: count,
        corruptFrames: count,
        lostFrames: count,
        reports: count,
        uplink: count,
      })
      .refine(
        ({ frames, acceptedFrames, corruptFrames, lostFrames }) =>
          frames === acceptedFrames + corruptFrames + lostFrames,
        "frames that are accepted, corrupt or lost, each once",
      ),
  ),
  refused: z
    .strictObject({
      clear: count,
      "unknown-key": count,
      "retired-key": count,
      replayed: count,
      forged: count,
    } satisfies Readonly<Record<FrameRefusal, z.ZodType>>)
    .partial()
    .optional(),
});

const refuse = (what: string, wanted: string, got: string): never => {
  throw new SwathError("bus", { what, wanted, got, hint: "run the same release of swath on every node" });
};

const read = <T>(what: string, schema: z.ZodType, written: Uint8Array): T => {
  if (written.length > longestLedger) refuse(what, `at most ${longestLedger} bytes`, `${written.length}`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(written).toString());
  } catch {
    return refuse(what, "JSON", `"${Buffer.from(written.subarray(0, 40)).toString()}"`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as T;
  const [issue] = parsed.error.issues;
  return refuse(what, `a ledger: ${issue?.path.map(String).join(".") ?? ""}`, issue?.message ?? "another");
};

/** A satellite's ledger from its bytes. Throws `SwathError("bus")` for what is none, or is another's. */
export const readSatelliteLedger = (satellite: string, written: Uint8Array): SatelliteLedger => {
  const what = `ledger of satellite ${satellite}`;
  const ledger = read<SatelliteLedger>(what, satelliteSchema, written);
  return ledger.satellite === satellite ? ledger : refuse(what, satellite, ledger.satellite);
};

/** A station's ledger from its bytes; one whose frames do not add up does not parse. Throws as above. */
export const readStationLedger = (station: string, written: Uint8Array): StationLedger => {
  const what = `ledger of station ${station}`;
  const ledger = read<StationLedger>(what, stationSchema, written);
  return ledger.station === station ? ledger : refuse(what, station, ledger.station);
};
