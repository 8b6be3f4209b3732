import { SwathError } from "../../errors.ts";
import { instant } from "../../units.ts";
import { frameBytes } from "./frame.ts";
import type { LinkSegment } from "./segment.ts";

/*
 * A link segment as a NATS payload, big-endian:
 *
 *     0   4  "SWL" and the version, 1
 *     4   4  turn
 *     8   4  segment
 *    12   8  sentFrom, float64
 *    20   8  sentTo, float64
 *    28   4  first frame
 *    32   4  frame count
 *    36   1  1 when it ends its turn
 *    37   3  lengths of the three names
 *    40   …  satellite, station, contact; then the frames
 *
 * These bytes are the simulation's, not the satellite's: the ledger counts frames, never this header.
 */
const magic = 0x53574c01;
const fixedBytes = 40;

/** Throws `SwathError` ("link") for a name of more than 255 bytes. */
export const encodeSegment = (segment: LinkSegment): Uint8Array => {
  const names = [segment.satellite, segment.station, segment.contact].map((name) => Buffer.from(name));
  const long = names.find((name) => name.length > 255);
  if (long) {
    throw new SwathError("link", {
      what: `name "${long.toString().slice(0, 40)}…" is too long for a link segment`,
      wanted: "at most 255 bytes",
      got: `${long.length}`,
    });
  }
  const namesBytes = names.reduce((sum, name) => sum + name.length, 0);
  const message = new Uint8Array(fixedBytes + namesBytes + segment.frames.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, magic);
  view.setUint32(4, segment.turn);
  view.setUint32(8, segment.segment);
  view.setFloat64(12, segment.sentFrom);
  view.setFloat64(20, segment.sentTo);
  view.setUint32(28, segment.firstFrame);
  view.setUint32(32, segment.frameCount);
  view.setUint8(36, segment.endsTurn ? 1 : 0);
  let at = fixedBytes;
  for (const [i, name] of names.entries()) {
    message[37 + i] = name.length;
    message.set(name, at);
    at += name.length;
  }
  message.set(segment.frames, at);
  return message;
};

/** The frames view `message`. Throws `SwathError` ("link") when the bytes are no segment that this version reads. */
export const decodeSegment = (message: Uint8Array): LinkSegment => {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const starts = message.length >= fixedBytes ? view.getUint32(0) : 0;
  let at = fixedBytes;
  const names = [37, 38, 39].map((length) => {
    const name = Buffer.from(message.subarray(at, at + (message[length] ?? 0))).toString();
    at += message[length] ?? 0;
    return name;
  });
  if (starts !== magic || at > message.length) {
    throw new SwathError("link", {
      what: "message is no link segment of version 1",
      got: `${message.length} bytes that begin with ${Buffer.from(message.subarray(0, 4)).toString("hex") || "nothing"}`,
      hint: "run the same release of swath on every node",
    });
  }
  const frames = message.subarray(at);
  const frameCount = view.getUint32(32);
  if (frames.length !== 0 && frames.length !== frameCount * frameBytes) {
    throw new SwathError("link", {
      what: "link segment cut short",
      wanted: `${frameCount} frames, ${frameCount * frameBytes} bytes`,
      got: `${frames.length} bytes`,
    });
  }
  const [satellite, station, contact] = names as [string, string, string];
  return {
    satellite,
    station,
    contact,
    turn: view.getUint32(4),
    segment: view.getUint32(8),
    sentFrom: instant(view.getFloat64(12)),
    sentTo: instant(view.getFloat64(20)),
    firstFrame: view.getUint32(28),
    frameCount,
    frames,
    endsTurn: view.getUint8(36) === 1,
  };
};
