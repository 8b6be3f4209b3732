/*
 * Where a protected frame has its security header and trailer (CCSDS 355.0-B §4.1), between the secondary header and the checksum:
 *
 *    14     2  security parameter index
 *    16     4  sequence number: for GCM the last four bytes of the initialisation vector
 *    20 1,079  data field
 * 1,099    16  message authentication code
 *
 * What is authenticated begins with the primary header: the frame number is part of it, since here it says what is missing.
 */

/** Security parameter index and sequence number. */
export const securityHeaderBytes = 6;
/** Message authentication code, 128 bits. */
export const macBytes = 16;

/** Why a frame that arrived whole is not taken. */
export type FrameRefusal =
  /** It is not protected, and should be. */
  | "clear"
  /** Its index names no key of this satellite. */
  | "unknown-key"
  /** Its key was replaced, and the time of grace is over. */
  | "retired-key"
  /** Its number was used before, or lies behind the window. */
  | "replayed"
  /** Altered, invented, or of another run. */
  | "forged";

/** All reasons, in the order in which they are looked at. */
export const frameRefusals: readonly FrameRefusal[] = [
  "clear",
  "unknown-key",
  "retired-key",
  "replayed",
  "forged",
];

/** Protects the frame in place: writes header and trailer, encrypts the data where that is asked for. Checksum and code come after. */
export type SealFrame = (frame: Uint8Array) => void;

/** Takes protection off, in place; what it does not take it leaves as it came, and says why. */
export type OpenFrame = (frame: Uint8Array) => FrameRefusal | null;
