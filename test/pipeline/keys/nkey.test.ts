import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeKey, readSeed, verifierOf } from "../../../pipeline/keys/nkey.ts";

/** NATS's own library, which the client brings along: what it reads is an nkey. */
interface Theirs {
  readonly fromSeed: (seed: Uint8Array) => {
    readonly getPublicKey: () => string;
    readonly sign: (message: Uint8Array) => Uint8Array;
  };
  readonly fromPublic: (key: string) => {
    readonly verify: (message: Uint8Array, signature: Uint8Array) => boolean;
  };
}
const fromClient = createRequire(import.meta.resolve("@nats-io/transport-node"));
const theirs = fromClient("@nats-io/nkeys") as Theirs;

describe("nkeys", () => {
  it("are those of NATS's own library, and so are signatures", () => {
    for (const use of ["user", "operator"] as const) {
      const key = makeKey(use);
      expect(key.seed).toMatch(use === "user" ? /^SU[A-Z2-7]{56}$/ : /^SO[A-Z2-7]{56}$/);
      const other = theirs.fromSeed(Buffer.from(key.seed));
      expect(other.getPublicKey()).toBe(key.publicKey);
      const message = Buffer.from("what is said");
      expect(theirs.fromPublic(key.publicKey).verify(message, key.sign(message))).toBe(true);
      expect(verifierOf(use, key.publicKey)?.(message, other.sign(message))).toBe(true);
      expect(readSeed(use, key.seed, "x").publicKey).toBe(key.publicKey);
    }
  });

  it("are refused when a letter is wrong, without a word of the secret", () => {
    const { seed, publicKey } = makeKey("user");
    fc.assert(
      fc.property(
        fc.nat(57),
        fc.constantFrom(...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567189")),
        (at, letter) => {
          if (seed[at] === letter) return;
          const wrong = seed.slice(0, at) + letter + seed.slice(at + 1);
          let said = "";
          try {
            readSeed("user", wrong, "key W01.nk");
          } catch (error) {
            said = String(error);
          }
          expect(said).toMatch(/key W01.nk: wanted the seed of a key/);
          expect(said).not.toContain(wrong.slice(10, 30));
        },
      ),
    );
    expect(() => readSeed("operator", seed, "x")).toThrow(/from SO on/);
    expect(verifierOf("operator", publicKey)).toBeNull();
    expect(verifierOf("user", "")).toBeNull();
    expect(verifierOf("user", "U".repeat(10_000))).toBeNull();
  });

  it("verify no other message, signature or length", () => {
    const key = makeKey("user");
    const verify = verifierOf("user", key.publicKey);
    const signature = key.sign(Buffer.from("a"));
    expect(verify?.(Buffer.from("a"), signature)).toBe(true);
    expect(verify?.(Buffer.from("b"), signature)).toBe(false);
    expect(verify?.(Buffer.from("a"), signature.subarray(1))).toBe(false);
    expect(verify?.(Buffer.from("a"), new Uint8Array(64))).toBe(false);
  });
});
