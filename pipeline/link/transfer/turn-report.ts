import { SwathError } from "../../errors.ts";
import type { Bytes } from "../../units.ts";
import { bytes } from "../../units.ts";
import type { Range } from "../frames/ranges.ts";
import type { TurnReport } from "../frames/segment.ts";
import { varintBytes, varintReader, writeVarint } from "../frames/varint.ts";

/*
 * What goes up: varints turn, number of ranges, then for each range the frames skipped since the one before and its
 * length less one. The contact goes without saying, it is the one that they are in; as a NATS message the report
 * carries the version, `heard` and the contact's name in front.
 */
const version = 1;

const bodyNumbers = ({ turn, missing }: TurnReport): number[] => {
  const numbers = [turn, missing.length];
  let next = 0;
  for (const [first, last] of missing) {
    numbers.push(first - next, last - first);
    next = last + 1;
  }
  return numbers;
};

/** Throws `SwathError` ("link") when the ranges are not in order and apart. */
export const encodeReport = (report: TurnReport): Uint8Array => {
  const numbers = bodyNumbers(report);
  if (numbers.some((n) => n < 0)) {
    throw new SwathError("link", {
      what: `report of contact ${report.contact}, turn ${report.turn}`,
      wanted: "missing ranges in order, apart from each other",
      got: JSON.stringify(report.missing).slice(0, 80),
    });
  }
  const contact = Buffer.from(report.contact);
  const message = new Uint8Array(2 + varintBytes(contact.length) + contact.length + sizeOf(numbers));
  message[0] = version;
  message[1] = report.heard ? 1 : 0;
  let at = writeVarint(message, 2, contact.length);
  message.set(contact, at);
  at += contact.length;
  for (const n of numbers) at = writeVarint(message, at, n);
  return message;
};

/** Throws `SwathError` ("link") when the bytes are no report that this version reads. */
export const decodeReport = (message: Uint8Array): TurnReport => {
  const reader = varintReader(message, 2, message.length);
  const nameLength = reader.next();
  const nameAt = reader.position();
  const body = varintReader(message, nameAt + nameLength, message.length);
  const turn = body.next();
  const count = body.next();
  const missing: Range[] = [];
  for (let i = 0, next = 0; i < count && body.ok(); i++) {
    const first = next + body.next();
    const last = first + body.next();
    missing.push([first, last]);
    next = last + 1;
  }
  if (message[0] !== version || !reader.ok() || !body.ok() || body.position() !== message.length) {
    throw new SwathError("link", {
      what: "message is no turn report of version 1",
      got: `${message.length} bytes`,
      hint: "run the same release of swath on every node",
    });
  }
  const contact = Buffer.from(message.subarray(nameAt, nameAt + nameLength)).toString();
  return { contact, turn, missing, heard: message[1] === 1 };
};

const sizeOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + varintBytes(n), 0);

/** Longest telecommand frame, less its 5-byte primary header and 2-byte error control field (CCSDS 232.0-B §4.1). */
const telecommandData = 1024 - 7;

/**
 * Bytes that so much telecommand data costs on the uplink.
 * Each telecommand frame goes up as one CLTU: a 2-byte start sequence, 8 bytes for every 7 of the frame (BCH (63,56)
 * and a filler bit), the last filled up, and an 8-byte tail sequence (CCSDS 231.0-B §3, §5). Acquisition and idle
 * sequences between CLTUs are not counted.
 */
export const telecommandBytes = (data: number): Bytes => {
  let total = 0;
  for (let rest = data; rest > 0; rest -= telecommandData) {
    total += 2 + 8 * Math.ceil((Math.min(rest, telecommandData) + 7) / 7) + 8;
  }
  return bytes(total);
};

/** Bytes of a report that names nothing missing: no report is shorter. */
export const shortestReport: Bytes = telecommandBytes(2);

/** Bytes that the report costs on the uplink; 0 when nothing was heard, since then nothing is answered. */
export const uplinkBytes = (report: TurnReport): Bytes =>
  report.heard ? telecommandBytes(sizeOf(bodyNumbers(report))) : bytes(0);
