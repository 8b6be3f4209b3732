import { macBytes, securityHeaderBytes, type OpenFrame, type SealFrame } from "../frames/frame-security.ts";
import type { Instant } from "../../units.ts";
import type { ReceivingEnd, SendingEnd } from "./associations.ts";
import type { ProtectedBytes } from "./protected-bytes.ts";

/** Of a coded frame: what is authenticated runs from here … to the code. See `../frames/frame-security.ts`. */
const authenticatedAt = 4;
const spiAt = 14;
const numberAt = 16;
const dataAt = spiAt + securityHeaderBytes;
const macAt = 1099;

const bodyOf = (frame: Uint8Array): ProtectedBytes => ({
  whole: frame.subarray(authenticatedAt, macAt),
  headerBytes: dataAt - authenticatedAt,
});

/** Protects frames for one channel. Throws `SwathError("link")` when the key's numbers are used up. */
export const frameSealer =
  ({ spi, numbers, cipher }: SendingEnd): SealFrame =>
  (frame) => {
    const number = numbers.next();
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    view.setUint16(spiAt, spi);
    view.setUint32(numberAt, number);
    frame.set(cipher.seal(bodyOf(frame), number), macAt);
  };

const claimOf = (
  frame: Uint8Array,
): { readonly spi: number; readonly number: number; readonly mac: Uint8Array } => {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  return {
    spi: view.getUint16(spiAt),
    number: view.getUint32(numberAt),
    mac: frame.subarray(macAt, macAt + macBytes),
  };
};

/** Takes the protection off frames that were sent at `at()`. */
export const frameOpener =
  (end: ReceivingEnd, at: () => Instant): OpenFrame =>
  (frame) =>
    end.open(bodyOf(frame), claimOf(frame), at());

/** Looks into the frames of one's own sending end, which are genuine: for counting what they carry. */
export const frameReader =
  ({ cipher }: SendingEnd): OpenFrame =>
  (frame) => {
    const { number, mac } = claimOf(frame);
    return cipher.open(bodyOf(frame), number, mac) ? null : "forged";
  };
