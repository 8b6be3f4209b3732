import type { Bytes } from "../../units.ts";
import { bytes } from "../../units.ts";
import type { TurnReport } from "../frames/segment.ts";
import { protectionBytes, type LinkProtection } from "../frames/link-protection.ts";
import { varintBytes } from "../frames/varint.ts";

/**
 * The numbers of a report that go up as varints: turn, number of ranges, then for each range the frames skipped since the one before
 * and its length less one. The contact goes without saying: it is the one that they are in.
 */
export const reportNumbers = ({ turn, missing }: TurnReport): readonly number[] => {
  const numbers = [turn, missing.length];
  let next = 0;
  for (const [first, last] of missing) {
    numbers.push(first - next, last - first);
    next = last + 1;
  }
  return numbers;
};

const sizeOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + varintBytes(n), 0);

/** Longest telecommand frame, less its 5-byte primary header and 2-byte error control field (CCSDS 232.0-B §4.1). */
const telecommandData = 1024 - 7;

/** What one telecommand frame carries besides its security header and trailer. */
export const telecommandRoom = (protection: LinkProtection): number =>
  telecommandData - protectionBytes(protection);

/**
 * Bytes that so much telecommand data costs on the uplink.
 * Each telecommand frame goes up as one CLTU: a 2-byte start sequence, 8 bytes for every 7 of the frame (BCH (63,56)
 * and a filler bit), the last filled up, and an 8-byte tail sequence (CCSDS 231.0-B §3, §5). Acquisition and idle
 * sequences between CLTUs are not counted.
 */
export const telecommandBytes = (data: number, protection: LinkProtection = "none"): Bytes => {
  const room = telecommandRoom(protection);
  const besides = 7 + protectionBytes(protection);
  let total = 0;
  for (let rest = data; rest > 0; rest -= room) {
    total += 2 + 8 * Math.ceil((Math.min(rest, room) + besides) / 7) + 8;
  }
  return bytes(total);
};

/** Bytes of a report that names nothing missing: no report is shorter. */
export const shortestReport = (protection: LinkProtection): Bytes => telecommandBytes(2, protection);

/** Bytes that the report costs on the uplink; 0 when nothing was heard, since then nothing is answered. */
export const uplinkBytes = (report: TurnReport, protection: LinkProtection = "none"): Bytes =>
  report.heard ? telecommandBytes(sizeOf(reportNumbers(report)), protection) : bytes(0);
