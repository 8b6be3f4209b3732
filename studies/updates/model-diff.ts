import { orderBytes } from "../../pipeline/orders/order-wire.ts";
import { readOrders } from "../../pipeline/orders/order-reading.ts";
import type { FilePart } from "../../models/updates/update-package.ts";
import { later, seconds, type BitsPerSecond, type Bytes, type Seconds } from "../../pipeline/units.ts";
import {
  makeUpdate,
  namedSigners,
  readUpdateModel,
  requireSameUse,
  studyTime,
  updateEntries,
  type ModelUpdate,
} from "./model-update.ts";
import { planUploads, type FleetUpload } from "./upload-passes.ts";

/** What it takes to send a model up one way. */
export interface UploadWay {
  readonly way: "whole" | "delta";
  /** Of the update: files, signed metadata. */
  readonly updateBytes: number;
  readonly files: readonly FilePart[];
  readonly metadataBytes: number;
  /** In telecommand frames, as orders. */
  readonly onUplink: Bytes;
  readonly contactTime: Seconds;
  /** `null`: not within 32 days. */
  readonly passes: FleetUpload | null;
}

/** A model against another one on board. */
export interface ModelDiff {
  readonly old: string;
  readonly next: string;
  /** Of all files of the new model. */
  readonly wholeBytes: number;
  readonly rate: BitsPerSecond;
  readonly constellation: string;
  readonly satellites: number;
  readonly stations: string;
  readonly ways: readonly [whole: UploadWay, delta: UploadWay];
  /** Bytes of the delta for each one of the new model. */
  readonly fraction: number;
}

/** What is compared, and over which uplink. */
export interface DiffRequest {
  readonly old: string;
  readonly next: string;
  readonly rate: BitsPerSecond;
  readonly constellation: string;
  readonly stations: string;
}

const uplinkOf = (update: ModelUpdate): Bytes => {
  const wish = { id: "update", sequence: 1, trial: 0, promote: "", rollback: "auto", watch: 0, keep: "" };
  const { install, pieces } = updateEntries(update, wish);
  const entries = [install, ...pieces].map((one) => ({ ...one, deadline: "30d" }));
  const { orders } = readOrders(entries, studyTime);
  return orders.reduce((sum, order) => (sum + orderBytes([order])) as Bytes, 0 as Bytes);
};

/**
 * What it takes to send `next` up to satellites that have `old`: whole, and as what differs. Throws `SwathError("model")` for what is no model, or
 * one that cannot take the place of the other, and `SwathError("config")` for a constellation or stations that are not known.
 */
export const diffModels = async (request: DiffRequest): Promise<ModelDiff> => {
  const { rate, constellation, stations } = request;
  const [old, next] = await Promise.all([readUpdateModel(request.old), readUpdateModel(request.next)]);
  requireSameUse(request.next, old.card, next);
  const { satellites, passesOf } = await planUploads(constellation, stations);
  const wayOf = (way: UploadWay["way"]): UploadWay => {
    const update = makeUpdate({
      next,
      base: way === "whole" ? null : old.files,
      signers: namedSigners("diff"),
      release: 2,
      signedAt: later(studyTime, seconds(0)),
      exam: new Map(),
    });
    const onUplink = uplinkOf(update);
    const contactTime = seconds((8 * onUplink) / rate);
    return {
      way,
      updateBytes: update.pack.bytes.length,
      files: update.pack.files,
      metadataBytes: update.pack.metadataBytes,
      onUplink,
      contactTime,
      passes: passesOf(contactTime),
    };
  };
  const ways = [wayOf("whole"), wayOf("delta")] as const;
  const wholeBytes = [...next.files.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    old: request.old,
    next: request.next,
    wholeBytes,
    rate,
    constellation,
    satellites,
    stations,
    ways,
    fraction: ways[1].updateBytes / wholeBytes,
  };
};
