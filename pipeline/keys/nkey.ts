import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";
import { SwathError } from "../errors.ts";

/*
 * Keys in NATS's own spelling, "nkeys": Ed25519, written in base32 with a letter for what they are and a checksum. `U…` is the public key of a
 * user, `SU…` its seed; `O…` and `SO…` those of an operator.
 */

/** What a key is for: an operator signs who takes part, a user takes part. */
export type KeyUse = "operator" | "user";

const prefixes: Readonly<Record<KeyUse, number>> = { operator: 14 << 3, user: 20 << 3 };
const seedPrefix = 18 << 3;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A pair of keys that can sign. */
export interface SigningKey {
  /** `U…` or `O…`. */
  readonly publicKey: string;
  /** `SU…` or `SO…`: the secret. */
  readonly seed: string;
  /** 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const toBase32 = (bytes: Uint8Array): string => {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >>> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31];
};

const fromBase32 = (text: string): Uint8Array | null => {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return held === 0 ? Uint8Array.from(bytes) : null;
};

/** CRC-16/XMODEM, low byte first. */
const checksum = (bytes: Uint8Array): readonly [number, number] => {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let i = 0; i < 8; i++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return [crc & 0xff, crc >>> 8];
};

const encode = (head: readonly number[], key: Uint8Array): string => {
  const bytes = Uint8Array.from([...head, ...key]);
  return toBase32(Uint8Array.from([...bytes, ...checksum(bytes)]));
};

/** Head and key of a text; `null` when it is no nkey. */
const decode = (
  text: string,
  headBytes: number,
): { readonly head: Uint8Array; readonly key: Uint8Array } | null => {
  const bytes = text.length > 120 ? null : fromBase32(text);
  if (bytes === null || bytes.length !== headBytes + 34) return null;
  const body = bytes.subarray(0, -2);
  const [low, high] = checksum(body);
  if (bytes.at(-2) !== low || bytes.at(-1) !== high) return null;
  return { head: body.subarray(0, headBytes), key: body.subarray(headBytes) };
};

const seedHead = (use: KeyUse): readonly [number, number] => [
  seedPrefix | (prefixes[use] >>> 5),
  (prefixes[use] & 31) << 3,
];

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]),
    format: "der",
    type: "pkcs8",
  });

const rawPublic = (key: KeyObject): Uint8Array =>
  createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);

const pairOf = (use: KeyUse, seed: Uint8Array): SigningKey => {
  const key = privateKeyOf(seed);
  return {
    publicKey: encode([prefixes[use]], rawPublic(key)),
    seed: encode(seedHead(use), seed),
    sign: (message) => sign(null, message, key),
  };
};

/** Makes a new key. */
export const makeKey = (use: KeyUse): SigningKey => {
  const { privateKey } = generateKeyPairSync("ed25519");
  return pairOf(use, privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32));
};

/** The pair that follows from 32 bytes, which are the secret. */
export const keyFrom = (use: KeyUse, secret: Uint8Array): SigningKey => pairOf(use, secret);

/** The pair of a seed. Throws `SwathError("config")` for what is no seed of that use; the message holds nothing of it. */
export const readSeed = (use: KeyUse, text: string, what: string): SigningKey => {
  const decoded = decode(text, 2);
  const [a, b] = seedHead(use);
  if (decoded === null || decoded.head[0] !== a || decoded.head[1] !== b) {
    throw new SwathError("config", {
      what,
      wanted: `the seed of a key: 58 capitals and digits from ${use === "user" ? "SU" : "SO"} on`,
      got: "something else",
    });
  }
  return pairOf(use, decoded.key);
};

/** The 32 bytes of a public key, `U…` or `O…`; `null` for what is none of that use. */
export const publicBytes = (use: KeyUse, publicKey: string): Uint8Array | null => {
  const decoded = decode(publicKey, 1);
  return decoded === null || decoded.head[0] !== prefixes[use] ? null : decoded.key;
};

/** Checks signatures of a public key, `U…` or `O…`; `null` for what is none of that use. */
export const verifierOf = (
  use: KeyUse,
  publicKey: string,
): ((message: Uint8Array, signature: Uint8Array) => boolean) | null => {
  const decoded = decode(publicKey, 1);
  if (decoded === null || decoded.head[0] !== prefixes[use]) return null;
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), decoded.key]),
    format: "der",
    type: "spki",
  });
  return (message, signature) => signature.length === 64 && verify(null, message, key, signature);
};
