import { SwathError } from "../../errors.ts";
import type { Bytes } from "../../units.ts";
import { bytes } from "../../units.ts";
import { telecommandBytes } from "./turn-report.ts";
import { varintBytes, varintReader, writeVarint } from "../frames/varint.ts";

/** A tile that the ground wants to see, by its place in the schedule and in the scene's tile plan. */
export interface TileRequest {
  readonly acquisition: number;
  readonly tile: number;
}

/** What a station asks a satellite for when a contact opens: often nothing. */
export interface TileRequests {
  /** `Contact.id`. */
  readonly contact: string;
  readonly requests: readonly TileRequest[];
}

/*
 * What goes up: varints count, then acquisition and tile of each. As a NATS message it carries "R", the version and the
 * contact's name in front; a turn's report, on the same subject, begins with its version.
 */
const tag = 0x52;
const version = 1;

const numbersOf = (requests: readonly TileRequest[]): readonly number[] => [
  requests.length,
  ...requests.flatMap(({ acquisition, tile }) => [acquisition, tile]),
];

const sizeOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + varintBytes(n), 0);

/** Whether a message to a satellite asks for tiles; it is a turn's report otherwise. */
export const asksForTiles = (message: Uint8Array): boolean => message[0] === tag;

/** The requests for tiles that go up in a contact, as bytes (docs/formats.md). */
export const encodeRequests = ({ contact, requests }: TileRequests): Uint8Array => {
  const name = Buffer.from(contact);
  const numbers = numbersOf(requests);
  const message = new Uint8Array(2 + varintBytes(name.length) + name.length + sizeOf(numbers));
  message.set([tag, version]);
  let at = writeVarint(message, 2, name.length);
  message.set(name, at);
  at += name.length;
  for (const n of numbers) at = writeVarint(message, at, n);
  return message;
};

/** Throws `SwathError` ("link") when the bytes are no requests that this version reads. */
export const decodeRequests = (message: Uint8Array): TileRequests => {
  const head = varintReader(message, 2, message.length);
  const nameLength = head.next();
  const nameAt = head.position();
  const body = varintReader(message, nameAt + nameLength, message.length);
  const count = body.next();
  const requests: TileRequest[] = [];
  for (let i = 0; i < count && body.ok(); i++) requests.push({ acquisition: body.next(), tile: body.next() });
  const isWhole = head.ok() && body.ok() && body.position() === message.length;
  if (!asksForTiles(message) || message[1] !== version || !isWhole) {
    throw new SwathError("link", {
      what: "message is no request for tiles of version 1",
      got: `${message.length} bytes`,
      hint: "run the same release of swath on every node",
    });
  }
  return { contact: Buffer.from(message.subarray(nameAt, nameAt + nameLength)).toString(), requests };
};

/** Bytes on the uplink; 0 for no request, since then nothing is said. */
export const requestBytes = (requests: readonly TileRequest[]): Bytes =>
  requests.length === 0 ? bytes(0) : telecommandBytes(sizeOf(numbersOf(requests)));
