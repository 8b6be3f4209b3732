import { createHash, createHmac } from "node:crypto";
import { verifierOf, type SigningKey } from "./nkey.ts";
import { speakersOf, writersOf, type Speaker } from "./roles.ts";
import type { Member, TrustList } from "./trust.ts";

/** Why a message or a value is not taken. */
export type SealRefusal = "unsigned" | "forged";

/** A message as it is signed: all of it but the signature. */
export interface SealedMessage {
  readonly subject: string;
  readonly msgId: string;
  readonly data: Uint8Array;
}

/** Signs what its owner says, and checks what others say. */
export interface Seal {
  /** `name:signature`, the signature in base64url. */
  readonly sign: (message: SealedMessage) => string;
  /** What is put behind a message's id, so that nobody else can say it first: the server drops the second message of an id. */
  readonly tag: (subject: string, id: string) => string;
  /** `null`: said by whoever may say it on that subject. */
  readonly check: (message: SealedMessage, signature: string) => SealRefusal | null;
  /** The value with its signature before it. */
  readonly signValue: (run: string, key: string, value: Uint8Array) => Uint8Array;
  /** The value without its signature, or why it is refused. */
  readonly openValue: (run: string, key: string, stored: Uint8Array) => Uint8Array | SealRefusal;
}

/** Begins a signed value; a version of its layout. */
const valueMark = Buffer.from("SWS1");

const digestOf = (what: string, fields: readonly string[], data: Uint8Array): Uint8Array =>
  createHash("sha256")
    .update(`${JSON.stringify(["swath", what, 1, ...fields])}\n`)
    .update(data)
    .digest();

/** Finds who signed, among those that may. */
const openRegistry = ({ members }: TrustList) => {
  const byName = new Map<string, Member[]>();
  for (const member of members) byName.set(member.name, [...(byName.get(member.name) ?? []), member]);
  const verifiers = new Map<string, ReturnType<typeof verifierOf>>();
  const verifier = (key: string): ReturnType<typeof verifierOf> => {
    const known = verifiers.get(key);
    if (known !== undefined) return known;
    const made = verifierOf("user", key);
    verifiers.set(key, made);
    return made;
  };
  return (signer: string, speakers: readonly Speaker[], digest: Uint8Array, signature: Uint8Array): boolean =>
    (byName.get(signer) ?? []).some(({ role, key }) => {
      const may = speakers.some((one) => one.role === role && (one.name === null || one.name === signer));
      return may && (verifier(key)?.(digest, signature) ?? false);
    });
};

/** The seal of one that takes part, by a list of trust. A message is bound to its run, subject and number, a value to its run and key. */
export const openSeal = (name: string, signing: SigningKey, trust: TrustList): Seal => {
  const isSignedBy = openRegistry(trust);
  const secret = createHash("sha256").update(`swath message ids\n${signing.seed}`).digest();
  return {
    sign: ({ subject, msgId, data }) => {
      const signature = signing.sign(digestOf("message", [subject, msgId], data));
      return `${name}:${Buffer.from(signature).toString("base64url")}`;
    },
    tag: (subject, id) =>
      createHmac("sha256", secret)
        .update(JSON.stringify([subject, id]))
        .digest("base64url")
        .slice(0, 16),
    check: ({ subject, msgId, data }, signature) => {
      if (signature === "") return "unsigned";
      const [signer = "", code = ""] = signature.split(":");
      const digest = digestOf("message", [subject, msgId], data);
      const bytes = Buffer.from(code, "base64url");
      return isSignedBy(signer, speakersOf(subject), digest, bytes) ? null : "forged";
    },
    signValue: (run, key, value) => {
      const signer = Buffer.from(name);
      const signature = signing.sign(digestOf("value", [run, key], value));
      return Buffer.concat([valueMark, Buffer.of(signer.length), signer, signature, value]);
    },
    openValue: (run, key, stored) => {
      const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
      if (bytes.length < 69 || !bytes.subarray(0, 4).equals(valueMark)) return "unsigned";
      const nameEnd = 5 + (bytes[4] ?? 0);
      const value = bytes.subarray(nameEnd + 64);
      const signature = bytes.subarray(nameEnd, nameEnd + 64);
      const signer = bytes.toString("utf8", 5, nameEnd);
      const digest = digestOf("value", [run, key], value);
      return isSignedBy(signer, writersOf(key), digest, signature) ? value : "forged";
    },
  };
};

/** A signed value without its signature, unchecked: for those that have no keys. Other values as they are. */
export const bareValue = (stored: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes.length < 69 || !bytes.subarray(0, 4).equals(valueMark)) return stored;
  return bytes.subarray(5 + (bytes[4] ?? 0) + 64);
};
