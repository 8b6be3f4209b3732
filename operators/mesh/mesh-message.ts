import { z } from "zod";
import { decodeJsonWithBlobs, encodeJsonWithBlobs } from "../../pipeline/json-with-blobs.ts";
import {
  corruptMessage,
  openMessage,
  readValue,
  sealMessage,
  type MessageFormat,
} from "../../pipeline/message.ts";
import { cueTipSchema } from "../../pipeline/mission/ledger-schema.ts";
import { decodeOrder, encodeOrder } from "../../pipeline/orders/order-wire.ts";
import { productKinds } from "../../pipeline/product/product.ts";
import { bytes } from "../../pipeline/units.ts";
import type { TipNote } from "../cues/cue-board.ts";
import type { EpochNotes, HandOver } from "./mesh.ts";

/**
 * What one speaker says to all others at the end of an epoch, on subject `mesh`: its notes, cut into parts, of which the last
 * says so.
 */
export interface MeshMessage {
  readonly kind: "part" | "last";
  /** Counts from 0; −1 for what is said before the first. */
  readonly epoch: number;
  readonly data: Uint8Array;
}

/** Notes are cut into parts of at most this: NATS takes messages of 1 MB unless told otherwise. */
export const partBytes = 256 * 1024;

/** Version 1 had no head: an epoch, whether more follows, the part. Version 2 began with the first epoch. */
const format: MessageFormat<MeshMessage["kind"]> = {
  subject: "mesh",
  letter: "M",
  version: 3,
  kinds: ["part", "last"],
  bound: bytes(16 + partBytes),
  failure: "bus",
};

/** Notes of one speaker and epoch are at most this long, put together. */
export const longestNotes = bytes(1024 * 1024 * 1024);

/** An i32 epoch, then the part. Throws `SwathError("bus")` for more than `partBytes`. */
export const encodeMeshMessage = ({ kind, epoch, data }: MeshMessage): Uint8Array => {
  const number = Buffer.alloc(4);
  number.writeInt32BE(epoch);
  return sealMessage(format, kind, number, data);
};

/** The part views `message`. Throws `SwathError("bus")` for a message that this release does not read. */
export const decodeMeshMessage = (message: Uint8Array): MeshMessage => {
  const { kind, body } = openMessage(format, message);
  if (body.length < 4) throw corruptMessage(format, kind, "an epoch of 4 bytes", `${body.length} bytes`);
  const epoch = new DataView(body.buffer, body.byteOffset, body.length).getInt32(0);
  return { kind, epoch, data: body.subarray(4) };
};

/** Notes as messages, in order; there is always a last one. */
export function* notesAsMessages(epoch: number, notes: EpochNotes): Generator<Uint8Array> {
  const blob = encodeNotes(notes);
  for (let at = 0; at < blob.length; at += partBytes) {
    const kind = at + partBytes < blob.length ? "part" : "last";
    yield encodeMeshMessage({ kind, epoch, data: blob.subarray(at, at + partBytes) });
  }
}

const whole = z.int().min(0);
const time = z.number();
const hop = z.object({
  hop: z.string(),
  from: z.string(),
  to: z.string(),
  start: time,
  end: time,
  arrival: time,
});
const product = z.object({
  kind: z.enum(productKinds),
  acquisition: whole,
  tile: whole.nullable(),
  workAt: time,
  value: z.number(),
  size: whole,
  /** Where the sender keeps it means nothing elsewhere. */
  slot: z.null(),
  origin: z.string(),
});
const offer = z.object({
  source: z.string(),
  number: whole,
  readyAt: time,
  bytes: z.number().min(0),
  priority: whole,
});
const handOver = z.object({
  from: z.string(),
  to: z.string(),
  product,
  hops: z.array(hop),
  /** Place of the payload among the blobs; `null` in a simulation. */
  blob: whole.nullable(),
});
const batch = z.object({
  acquisition: whole,
  tiles: whole,
  samples: z.number().min(0),
  bytes: z.number().positive(),
  work: z.number().min(0),
});
const computer = z.object({
  satellite: z.string(),
  freeAt: time,
  speed: z.number().min(0).max(1),
  reserve: z.number().min(0).nullable(),
  queued: z.number().min(0),
  waiting: z.array(batch),
});
const tipNote = z.object({
  tip: cueTipSchema,
  /** As it goes up, in base64. */
  cue: z.string(),
  to: z.string(),
  hops: z.array(z.object({ link: z.string(), from: z.string(), to: z.string(), sentAt: time, at: time })),
  toldAt: time,
});
const notesSchema = z.object({
  offers: z.array(offer),
  handOvers: z.array(handOver),
  computers: z.array(computer).optional(),
  keeps: z.boolean().optional(),
  known: z.array(z.int()).optional(),
  tips: z.array(tipNote).optional(),
});

/** The order of a tip. Throws `SwathError("bus")` for another kind of order. */
const cueOf = (text: string): TipNote["cue"] => {
  const order = decodeOrder(Buffer.from(text, "base64"));
  if (order.kind === "cue") return order;
  throw corruptMessage(format, "last", "an order of the kind cue", order.kind);
};

/** All notes of an epoch as one block of bytes; payloads stand behind them. */
export const encodeNotes = ({ offers, handOvers, tips, ...rest }: EpochNotes): Uint8Array => {
  const blobs: Uint8Array[] = [];
  const bare = handOvers.map(({ from, to, product, hops, payload }) => ({
    from,
    to,
    product: { ...product, slot: null },
    hops,
    blob: payload === null ? null : blobs.push(payload) - 1,
  }));
  const told = tips?.map((note) => ({
    ...note,
    cue: Buffer.from(encodeOrder(note.cue)).toString("base64"),
  }));
  const value = { offers, handOvers: bare, ...rest, ...(told === undefined ? {} : { tips: told }) };
  return Buffer.concat(encodeJsonWithBlobs({ value, blobs }));
};

/** Payloads view `data`. Throws `SwathError("bus")` for bytes that `encodeNotes` cannot have made. */
export const decodeNotes = (data: Uint8Array): EpochNotes => {
  const corrupt = (wanted: string, got: string): Error => corruptMessage(format, "last", wanted, got);
  const { value, blobs } = decodeJsonWithBlobs(data, corrupt);
  // The schema knows no brands.
  const { offers, handOvers, tips, ...rest } = readValue(
    format,
    "last",
    notesSchema,
    value,
  ) as unknown as Omit<EpochNotes, "handOvers" | "tips"> & {
    readonly handOvers: readonly (Omit<HandOver, "payload"> & { readonly blob: number | null })[];
    readonly tips?: readonly (Omit<TipNote, "cue"> & { readonly cue: string })[];
  };
  return {
    offers,
    ...rest,
    ...(tips === undefined ? {} : { tips: tips.map((note) => ({ ...note, cue: cueOf(note.cue) })) }),
    handOvers: handOvers.map(({ blob, ...rest }): HandOver => {
      if (blob === null) return { ...rest, payload: null };
      const payload = blobs[blob];
      if (payload === undefined) throw corrupt(`one of ${blobs.length} payloads`, `number ${blob}`);
      return { ...rest, payload };
    }),
  };
};

/** Puts the notes of each speaker together again from its parts, which come in order. */
export class NotesInParts {
  readonly #parts = new Map<
    string,
    { readonly epoch: number; length: number; readonly parts: Uint8Array[] }
  >();

  /**
   * Takes a message in; the notes that it completes, or `null` while more are to come.
   * Throws `SwathError("bus")` for a message that this release does not read, and beyond `longestNotes`.
   */
  accept(
    speaker: string,
    message: Uint8Array,
  ): { readonly epoch: number; readonly notes: EpochNotes } | null {
    const { kind, epoch, data } = decodeMeshMessage(message);
    const held = this.#parts.get(speaker) ?? { epoch, length: 0, parts: [] };
    const length = held.length + data.length;
    if (length > longestNotes)
      throw corruptMessage(format, kind, `at most ${longestNotes} bytes of ${speaker}`, `${length}`);
    if (held.epoch !== epoch)
      throw corruptMessage(format, kind, `the rest of epoch ${held.epoch} of ${speaker}`, `epoch ${epoch}`);
    held.parts.push(data);
    held.length = length;
    this.#parts.set(speaker, held);
    if (kind === "part") return null;
    this.#parts.delete(speaker);
    return { epoch, notes: decodeNotes(Buffer.concat(held.parts)) };
  }
}
