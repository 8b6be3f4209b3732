import { hkdfSync } from "node:crypto";
import { z } from "zod";
import { SwathError } from "../errors.ts";
import type { LinkKey } from "../link/security/link-key.ts";
import { readSecretFile } from "../secret-file.ts";
import { readSeed, type SigningKey } from "./nkey.ts";
import { roles, type Role } from "./roles.ts";

/*
 * A key file is text: the seed on the first line, as NATS's own tools want it, and behind it JSON with what else its owner holds. A satellite
 * holds its link keys; the ground holds the secret that the keys of all satellites are derived from.
 */

/** What one that takes part holds. */
export interface KeyFile {
  readonly role: Role;
  readonly name: string;
  readonly signing: SigningKey;
  /** `O…`: whose list of trust it goes by. */
  readonly operator: string;
  /** Of a satellite: its link keys, newest first; of others none. */
  readonly links: readonly LinkKey[];
  /** Of stations and the mission centre: what all link keys are derived from; `null`: of others. */
  readonly master: Uint8Array | null;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
}

const secret = z.string().regex(/^[0-9a-f]{64}$/);
const schema = z.strictObject({
  schema: z.literal("swath-key/1"),
  role: z.enum(roles as readonly [Role, ...Role[]]),
  name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  operator: z.string().max(60),
  links: z.array(z.strictObject({ generation: z.int().min(1).max(1e6), secret })).max(16),
  master: secret.nullable(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
});

/** The link key of a satellite, derived from the ground's secret. */
export const deriveLinkKey = (master: Uint8Array, satellite: string, generation: number): LinkKey => {
  const info = JSON.stringify(["swath link key", 1, satellite, generation]);
  return { generation, secret: new Uint8Array(hkdfSync("sha256", master, "", info, 32)) };
};

/** A key file as text. */
export const writeKeyFile = ({ signing, links, master, ...rest }: KeyFile): string => {
  const value = {
    schema: "swath-key/1",
    ...rest,
    links: links.map(({ generation, secret: bytes }) => ({
      generation,
      secret: Buffer.from(bytes).toString("hex"),
    })),
    master: master === null ? null : Buffer.from(master).toString("hex"),
  } satisfies z.input<typeof schema>;
  return `${signing.seed}\n${JSON.stringify(value, null, 1)}\n`;
};

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/** Refuses a key out of its time, by the clock of this machine: often it is the clock that is wrong. */
const requireInTime = (path: string, { notBefore, notAfter }: KeyFile, now: Date): void => {
  const refuse = (what: string, hint: string): never => {
    throw new SwathError("config", {
      what: `key ${path} ${what}`,
      got: `${now.toISOString()} by the clock of this machine`,
      hint,
    });
  };
  if (now.getTime() < Date.parse(notBefore))
    refuse(`does not hold before ${notBefore}`, "set the clock of this machine");
  if (now.getTime() > Date.parse(notAfter))
    refuse(`ceased to hold at ${notAfter}`, "make a new one: swath keys roll; or set the clock");
};

/**
 * Reads a key file. Throws `SwathError("config")` for one that is none, that everybody can read, or that is out of its time; no message holds
 * anything of a secret.
 */
export const readKeyFile = (path: string, now: Date): KeyFile => {
  const text = readSecretFile(path, "key");
  const fail = (wanted: string): SwathError =>
    new SwathError("config", {
      what: `key ${path}`,
      wanted,
      got: "something else",
      hint: "swath keys init makes keys",
    });
  const end = text.indexOf("\n");
  let value: unknown;
  try {
    value = JSON.parse(text.slice(end + 1));
  } catch {
    throw fail("a seed, and JSON behind it");
  }
  const parsed = schema.safeParse(value);
  if (end < 0 || !parsed.success) {
    const field = parsed.error?.issues[0]?.path.map(String).join(".") ?? "";
    throw fail(`a seed, and swath-key/1 behind it${field === "" ? "" : ` with ${field}`}`);
  }
  const { schema: _, links, master, ...rest } = parsed.data;
  const key: KeyFile = {
    ...rest,
    signing: readSeed("user", text.slice(0, end).trim(), `key ${path}`),
    links: links
      .map(({ generation, secret: hex }) => ({ generation, secret: bytesOf(hex) }))
      .toSorted((a, b) => b.generation - a.generation),
    master: master === null ? null : bytesOf(master),
  };
  requireInTime(path, key, now);
  return key;
};
