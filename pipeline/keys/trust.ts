import { z } from "zod";
import { canonicalText } from "../canonical-json.ts";
import { SwathError } from "../errors.ts";
import { verifierOf, type SigningKey } from "./nkey.ts";
import { roles, type Role } from "./roles.ts";

/** One that takes part. */
export interface Member {
  readonly role: Role;
  /** Of a satellite or station; of others the role. */
  readonly name: string;
  /** `U…`. */
  readonly key: string;
}

/** Who takes part and which link keys hold, signed by the operator. Public: it holds no secret. */
export interface TrustList {
  readonly schema: "swath-trust/1";
  /** `O…`. */
  readonly operator: string;
  readonly members: readonly Member[];
  /** Generations of link keys that stations take, by satellite, newest first. */
  readonly links: Readonly<Record<string, readonly number[]>>;
}

const name = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);
const schema = z.strictObject({
  schema: z.literal("swath-trust/1"),
  operator: z.string().max(60),
  members: z
    .array(
      z.strictObject({ role: z.enum(roles as readonly [Role, ...Role[]]), name, key: z.string().max(60) }),
    )
    .max(100_000),
  links: z.record(name, z.array(z.int().min(1).max(1e6)).min(1).max(16)),
  signature: z.string().max(100),
});

/** What is signed: the list without its signature, always as the same text. */
const signedText = (list: TrustList): Uint8Array => Buffer.from(`swath trust\n${canonicalText(list)}`);

/** The list as a file, signed. */
export const writeTrust = (list: TrustList, operator: SigningKey): string => {
  const signature = Buffer.from(operator.sign(signedText(list))).toString("base64url");
  return canonicalText({ ...list, signature });
};

/**
 * Reads a list of trust, which `operator` must have signed. Throws `SwathError("config")` for one that is altered, or another operator's.
 */
export const readTrust = (text: string, operator: string, path: string): TrustList => {
  const fail = (wanted: string, got: string): SwathError =>
    new SwathError("config", {
      what: `list of trust ${path}`,
      wanted,
      got,
      hint: "copy trust.json from where swath keys made this key",
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail("JSON as swath keys writes it", "something else");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fail("swath-trust/1", `${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? "another"}`);
  }
  const { signature, ...list } = parsed.data;
  if (list.operator !== operator) throw fail(`one of operator ${operator}`, `one of ${list.operator}`);
  const verify = verifierOf("operator", operator);
  if (verify === null || !verify(signedText(list), Buffer.from(signature, "base64url")))
    throw fail("the signature of its operator", "another, or an altered list");
  return list;
};
