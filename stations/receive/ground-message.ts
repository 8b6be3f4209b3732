import { z } from "zod";
import { isSwathError } from "../../pipeline/errors.ts";
import { decodeJsonWithBlobs, encodeJsonWithBlobs } from "../../pipeline/json-with-blobs.ts";
import type { Piece } from "../../pipeline/link/frames/piece.ts";
import {
  contactAndData,
  momentData,
  readContactAndData,
  readMoment,
} from "../../pipeline/link/transfer/contact-data.ts";
import {
  corruptMessage,
  longestMessage,
  openMessage,
  readJson,
  readText,
  readValue,
  requireEmpty,
  sealMessage,
  type MessageFormat,
} from "../../pipeline/message.ts";
import { instant, type Instant } from "../../pipeline/units.ts";

/** A piece of a product, when its frame began to leave the satellite, and when the last bit of that was at the station. */
export interface HeardPiece extends Piece {
  readonly sentAt: Instant;
  readonly heardAt: Instant;
}

/** What a station hands to the mission centre of one link segment: the pieces of every frame that arrived whole. */
export interface Backhaul {
  readonly station: string;
  readonly satellite: string;
  readonly pieces: readonly HeardPiece[];
}

/** What a station says to the mission centre, on subject `ground`. It goes over land: nothing of it is counted. */
export type GroundMessage =
  | { readonly kind: "pieces"; readonly backhaul: Backhaul }
  /** A contact opens: the mission centre says to the satellite which tiles it wants. */
  | { readonly kind: "opening"; readonly contact: string }
  /** Answers to orders that came down in the contact before (`encodeTold`). */
  | { readonly kind: "answers"; readonly contact: string; readonly data: Uint8Array }
  /** Mission control gives an order, as a file has it, while the mission flies. */
  | { readonly kind: "order"; readonly entry: unknown }
  /** A satellite has said all that it says before `at`. */
  | { readonly kind: "through"; readonly satellite: string; readonly at: Instant }
  /** A satellite takes an acquisition that it has given itself (`acquisitionData`). */
  | { readonly kind: "taken"; readonly satellite: string; readonly data: Uint8Array }
  /** The station has handed over all that it ever will. */
  | { readonly kind: "end" };

/** Versions 1 and 2 were three kinds of bytes without a common head. */
const format: MessageFormat<GroundMessage["kind"]> = {
  subject: "ground",
  letter: "G",
  version: 3,
  kinds: ["pieces", "opening", "end", "answers", "order", "through", "taken"],
  bound: longestMessage,
  failure: "bus",
};

const whole = z.int().min(0);
/** One piece without its data: product, offset, total, sentAt, heardAt; times in seconds, lengths in bytes. */
const entry = z.tuple([whole, whole, whole, z.number(), z.number()]);
/** A segment's frames, each full of the shortest pieces, hold fewer. */
const mostPieces = 65_536;
const name = z.string().max(255);
const head = z.object({ station: name, satellite: name, pieces: z.array(entry).max(mostPieces) });

/** Throws `SwathError("bus")` for more pieces than a message holds. */
export const encodeGroundMessage = (said: GroundMessage): Uint8Array => {
  switch (said.kind) {
    case "pieces": {
      const { station, satellite, pieces } = said.backhaul;
      const value = {
        station,
        satellite,
        pieces: pieces.map(({ product, offset, total, sentAt, heardAt }) => [
          product,
          offset,
          total,
          sentAt,
          heardAt,
        ]),
      } satisfies z.input<typeof head>;
      const blobs = pieces.map(({ data }) => data);
      return sealMessage(format, "pieces", ...encodeJsonWithBlobs({ value, blobs }));
    }
    case "opening":
      return sealMessage(format, "opening", Buffer.from(said.contact));
    case "answers":
      return sealMessage(format, "answers", ...contactAndData(said));
    case "order":
      return sealMessage(format, "order", Buffer.from(JSON.stringify(said.entry)));
    case "through":
      return sealMessage(
        format,
        "through",
        ...contactAndData({ contact: said.satellite, data: momentData(said.at) }),
      );
    case "taken":
      return sealMessage(format, "taken", ...contactAndData({ contact: said.satellite, data: said.data }));
    case "end":
      return sealMessage(format, "end");
  }
};

const readPieces = (body: Uint8Array): Backhaul => {
  const corrupt = (wanted: string, got: string): Error => corruptMessage(format, "pieces", wanted, got);
  const { value, blobs } = decodeJsonWithBlobs(body, corrupt);
  const { station, satellite, pieces } = readValue(format, "pieces", head, value);
  if (pieces.length !== blobs.length) throw corrupt(`data of ${pieces.length} pieces`, `${blobs.length}`);
  const heard = pieces.map(([product, offset, total, sentAt, heardAt], at): HeardPiece => {
    const data = blobs[at] ?? new Uint8Array();
    if (offset + data.length > total)
      throw corrupt(`a piece within its ${total} bytes`, `${offset} to ${offset + data.length}`);
    return { product, offset, total, data, sentAt: instant(sentAt), heardAt: instant(heardAt) };
  });
  return { station, satellite, pieces: heard };
};

/** What the codecs of the link read, whose failures are here those of the bus. */
const onBus = <T>(kind: GroundMessage["kind"], read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!isSwathError(error, "link")) throw error;
    const { wanted = "another body", got = "this one" } = error.parts;
    throw corruptMessage(format, kind, wanted, got);
  }
};

/** The pieces view `message`. Throws `SwathError("bus")` for a message that this release does not read. */
export const decodeGroundMessage = (message: Uint8Array): GroundMessage => {
  const { kind, body } = openMessage(format, message);
  switch (kind) {
    case "pieces":
      return { kind, backhaul: readPieces(body) };
    case "opening":
      return { kind, contact: readText(format, kind, body) };
    case "answers":
      return { kind, ...onBus(kind, () => readContactAndData("ground answers", body)) };
    case "order":
      return { kind, entry: readJson(format, kind, z.record(z.string(), z.unknown()), body) };
    case "through":
      return onBus(kind, () => {
        const { contact: satellite, data } = readContactAndData("ground through", body);
        return { kind, satellite, at: readMoment("ground through", data) };
      });
    case "taken":
      return onBus(kind, () => {
        const { contact: satellite, data } = readContactAndData("ground taken", body);
        return { kind, satellite, data };
      });
    case "end":
      requireEmpty(format, kind, body);
      return { kind };
  }
};
