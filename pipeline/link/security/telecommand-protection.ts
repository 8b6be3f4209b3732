import { macBytes, securityHeaderBytes, type FrameRefusal } from "../frames/frame-security.ts";
import type { Instant } from "../../units.ts";
import type { ReceivingEnd, SendingEnd } from "./associations.ts";
import type { ProtectedBytes } from "./protected-bytes.ts";

/**
 * Protects the data of one telecommand frame: index and number, the data, the code. `header` is what the frame says in the clear; it is
 * authenticated and not part of what comes back. Throws `SwathError("link")` when the key's numbers are used up.
 */
export type SealTelecommand = (header: Uint8Array, data: Uint8Array) => Uint8Array;

/** The data of a telecommand frame, or why it is refused. Copies: the block stays as it came. */
export type OpenTelecommand = (header: Uint8Array, block: Uint8Array) => Uint8Array | FrameRefusal;

const laidOut = (header: Uint8Array, securityHeader: Uint8Array, data: Uint8Array): ProtectedBytes => {
  const whole = new Uint8Array(header.length + securityHeaderBytes + data.length);
  whole.set(header);
  whole.set(securityHeader, header.length);
  whole.set(data, header.length + securityHeaderBytes);
  return { whole, headerBytes: header.length + securityHeaderBytes };
};

/** Protects what one end on the ground sends up. */
export const telecommandSealer =
  ({ spi, numbers, cipher }: SendingEnd): SealTelecommand =>
  (header, data) => {
    const number = numbers.next();
    const block = new Uint8Array(securityHeaderBytes + data.length + macBytes);
    const view = new DataView(block.buffer);
    view.setUint16(0, spi);
    view.setUint32(2, number);
    const message = laidOut(header, block.subarray(0, securityHeaderBytes), data);
    const mac = cipher.seal(message, number);
    block.set(message.whole.subarray(message.headerBytes), securityHeaderBytes);
    block.set(mac, securityHeaderBytes + data.length);
    return block;
  };

/** Opens what comes up, sent at `at`: `endOf` finds the receiving end of an index, `undefined` where it names none. */
export const telecommandOpener =
  (endOf: (spi: number) => ReceivingEnd | undefined, at: Instant): OpenTelecommand =>
  (header, block) => {
    const length = block.length - securityHeaderBytes - macBytes;
    if (length < 0) return "forged";
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const claim = { spi: view.getUint16(0), number: view.getUint32(2), mac: block.subarray(-macBytes) };
    const data = block.subarray(securityHeaderBytes, securityHeaderBytes + length);
    const message = laidOut(header, block.subarray(0, securityHeaderBytes), data);
    const end = endOf(claim.spi);
    if (end === undefined) return "unknown-key";
    return end.open(message, claim, at) ?? message.whole.subarray(message.headerBytes);
  };
