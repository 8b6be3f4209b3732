import { corruptPayload } from "../../product/byte-cursor.ts";
import { SwathError } from "../../errors.ts";
import { instant } from "../../units.ts";
import { frameBytes, framesPerSegment } from "./frame.ts";
import type { LinkSegment } from "./segment.ts";

/*
 * The body of a link segment's message, big-endian:
 *
 *     0   4  turn
 *     4   4  segment
 *     8   8  sentFrom, float64
 *    16   8  sentTo, float64
 *    24   4  first frame
 *    28   4  frame count
 *    32   1  bit 0: ends its turn; bit 1: lost whole, no frames follow
 *    33   3  lengths of the three names
 *    36   …  satellite, station, contact; then the frames
 *
 * These bytes are the simulation's, not the satellite's: the ledger counts frames, never this head.
 */
const fixedBytes = 36;
const endsTurnBit = 1;
const lostBit = 2;
const payload = "link segment";

/** Longest body of a segment: names of 255 bytes each, and as many frames as a segment holds. */
export const longestSegment = fixedBytes + 3 * 255 + framesPerSegment * frameBytes;

const namesOf = ({ satellite, station, contact }: LinkSegment): readonly Buffer[] => {
  const names = [satellite, station, contact].map((name) => Buffer.from(name));
  const long = names.find((name) => name.length > 255);
  if (long === undefined) return names;
  throw new SwathError("link", {
    what: `name "${long.toString().slice(0, 40)}…" is too long for a link segment`,
    wanted: "at most 255 bytes",
    got: `${long.length}`,
  });
};

/** Bytes that `writeSegment` takes. Throws `SwathError` ("link") for a name of more than 255 bytes. */
export const segmentBytes = (segment: LinkSegment): number =>
  fixedBytes + namesOf(segment).reduce((sum, name) => sum + name.length, 0) + segment.frames.length;

/** Writes a segment into exactly `segmentBytes(segment)` bytes. Throws as that does. */
export const writeSegment = (segment: LinkSegment, into: Uint8Array): void => {
  const { frames, frameCount } = segment;
  const view = new DataView(into.buffer, into.byteOffset, into.length);
  view.setUint32(0, segment.turn);
  view.setUint32(4, segment.segment);
  view.setFloat64(8, segment.sentFrom);
  view.setFloat64(16, segment.sentTo);
  view.setUint32(24, segment.firstFrame);
  view.setUint32(28, frameCount);
  const isLost = frames.length === 0 && frameCount > 0;
  view.setUint8(32, (segment.endsTurn ? endsTurnBit : 0) | (isLost ? lostBit : 0));
  let at = fixedBytes;
  for (const [i, name] of namesOf(segment).entries()) {
    into[33 + i] = name.length;
    into.set(name, at);
    at += name.length;
  }
  into.set(frames, at);
};

/** The frames view `body`. Throws `SwathError` ("link") for bytes that `writeSegment` cannot have written. */
export const readSegment = (body: Uint8Array): LinkSegment => {
  const [satelliteLength = 0, stationLength = 0, contactLength = 0] = body.subarray(33, fixedBytes);
  const namesEnd = fixedBytes + satelliteLength + stationLength + contactLength;
  if (body.length < namesEnd) throw corruptPayload(payload, `at least ${namesEnd} bytes`, `${body.length}`);
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const name = (at: number, length: number): string =>
    Buffer.from(body.buffer, body.byteOffset + at, length).toString();
  const [sentFrom, sentTo] = [view.getFloat64(8), view.getFloat64(16)];
  if (!Number.isFinite(sentFrom) || !Number.isFinite(sentTo))
    throw corruptPayload(payload, "times that are numbers", `${sentFrom} and ${sentTo}`);
  const frameCount = view.getUint32(28);
  if (frameCount > framesPerSegment)
    throw corruptPayload(payload, `at most ${framesPerSegment} frames`, `${frameCount}`);
  const flags = view.getUint8(32);
  if (flags > (endsTurnBit | lostBit)) throw corruptPayload(payload, "flags below 4", `${flags}`);
  const frames = body.subarray(namesEnd);
  const held = (flags & lostBit) === 0 ? frameCount * frameBytes : 0;
  if (frames.length !== held)
    throw corruptPayload(payload, `${frameCount} frames, ${held} bytes of them`, `${frames.length} bytes`);
  const stationAt = fixedBytes + satelliteLength;
  return {
    satellite: name(fixedBytes, satelliteLength),
    station: name(stationAt, stationLength),
    contact: name(stationAt + stationLength, contactLength),
    turn: view.getUint32(0),
    segment: view.getUint32(4),
    sentFrom: instant(sentFrom),
    sentTo: instant(sentTo),
    firstFrame: view.getUint32(24),
    frameCount,
    frames,
    endsTurn: (flags & endsTurnBit) !== 0,
  };
};
