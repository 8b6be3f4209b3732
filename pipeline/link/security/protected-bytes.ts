import { createCipheriv, createDecipheriv, createSecretKey, timingSafeEqual } from "node:crypto";
import { macBytes } from "../frames/frame-security.ts";
import type { LinkProtection } from "../frames/link-protection.ts";
import { Cmac } from "./cmac.ts";
import type { TrafficKey } from "./link-key.ts";

/** A message with what is said in the clear before it: `header` is authenticated, `data` is encrypted too where that is asked for. */
export interface ProtectedBytes {
  /** Both lie back to back in memory: `data` begins where `header` ends. */
  readonly whole: Uint8Array;
  readonly headerBytes: number;
}

/** Writes and checks the codes of one traffic key. */
export interface Cipher {
  /** Encrypts in place where that is asked for, and returns the code. */
  readonly seal: (message: ProtectedBytes, number: number) => Uint8Array;
  /** Whether the code is right; only then the message is decrypted, in place. */
  readonly open: (message: ProtectedBytes, number: number, mac: Uint8Array) => boolean;
}

const cmacCipher = ({ key }: TrafficKey): Cipher => {
  const cmac = new Cmac(key);
  return {
    seal: ({ whole }) => cmac.of(whole),
    open: ({ whole }, _, mac) => timingSafeEqual(cmac.of(whole), mac),
  };
};

/** The initialisation vector is the salt and the 32-bit number: no number is used twice under one key, nor is a vector. */
const gcmCipher = ({ key: secret, salt }: TrafficKey): Cipher => {
  // Made once: what is made for every frame is what frames cost.
  const key = createSecretKey(secret);
  const vector = Buffer.alloc(12);
  vector.set(salt);
  const vectorOf = (number: number): Buffer => {
    vector.writeUInt32BE(number, 8);
    return vector;
  };
  const length = { authTagLength: macBytes };
  const algorithm = "aes-256-gcm";
  return {
    seal: ({ whole, headerBytes }, number) => {
      const cipher = createCipheriv(algorithm, key, vectorOf(number), length);
      cipher.setAAD(whole.subarray(0, headerBytes));
      whole.set(cipher.update(whole.subarray(headerBytes)), headerBytes);
      cipher.final();
      return cipher.getAuthTag();
    },
    open: ({ whole, headerBytes }, number, mac) => {
      const cipher = createDecipheriv(algorithm, key, vectorOf(number), length);
      cipher.setAAD(whole.subarray(0, headerBytes));
      cipher.setAuthTag(mac);
      const clear = cipher.update(whole.subarray(headerBytes));
      try {
        cipher.final();
      } catch {
        return false; // The code is wrong: nothing of what came is used.
      }
      whole.set(clear, headerBytes);
      return true;
    },
  };
};

/** The cipher of a traffic key under a protection. */
export const cipherOf = (protection: Exclude<LinkProtection, "none">, key: TrafficKey): Cipher =>
  protection === "auth" ? cmacCipher(key) : gcmCipher(key);
