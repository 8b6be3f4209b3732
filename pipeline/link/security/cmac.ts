import { createCipheriv, type Cipher } from "node:crypto";

const blockBytes = 16;

/** Multiplies by x in GF(2¹²⁸), most significant bit first (NIST SP 800-38B §6.1). */
const doubled = (block: Uint8Array): Uint8Array => {
  const out = new Uint8Array(blockBytes);
  for (let i = 0; i < blockBytes; i++)
    out[i] = ((block[i] ?? 0) << 1) | (((block[i + 1] ?? 0) >>> 7) & (i + 1 < blockBytes ? 1 : 0));
  if ((block[0] ?? 0) >= 0x80) out[blockBytes - 1]! ^= 0x87;
  return out;
};

/**
 * AES-CMAC (NIST SP 800-38B): authenticates messages of any length under one key of 16, 24 or 32 bytes.
 *
 * One cipher in CBC mode serves all messages: what it would chain from the message before is taken off the first block again. To make
 * a cipher for each message takes longer than the message.
 */
export class Cmac {
  readonly #cipher: Cipher;
  readonly #whole: Uint8Array;
  readonly #padded: Uint8Array;
  #chained = new Uint8Array(blockBytes);
  #buffer = new Uint8Array(0);

  constructor(key: Uint8Array) {
    const algorithm = `aes-${key.length * 8}-cbc`;
    this.#cipher = createCipheriv(algorithm, key, new Uint8Array(blockBytes)).setAutoPadding(false);
    // The first block out of a fresh cipher is the encryption of zeros.
    const zeros = Uint8Array.from(this.#cipher.update(new Uint8Array(blockBytes)));
    this.#chained.set(zeros);
    this.#whole = doubled(zeros);
    this.#padded = doubled(this.#whole);
  }

  /** The 16 bytes that belong to `message`. */
  of(message: Uint8Array): Uint8Array {
    const length = Math.max(blockBytes, Math.ceil(message.length / blockBytes) * blockBytes);
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    const input = this.#buffer.subarray(0, length);
    input.set(message);
    input.fill(0, message.length);
    const isWhole = message.length === length;
    if (!isWhole) input[message.length] = 0x80;
    const last = isWhole ? this.#whole : this.#padded;
    for (let i = 0; i < blockBytes; i++) input[length - blockBytes + i]! ^= last[i]!;
    for (let i = 0; i < blockBytes; i++) input[i]! ^= this.#chained[i]!;
    const mac = this.#cipher.update(input).subarray(length - blockBytes);
    this.#chained.set(mac);
    return mac;
  }
}
