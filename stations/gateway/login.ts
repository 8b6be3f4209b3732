import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { formatInstant, instant, later, type Instant, type Seconds } from "../../pipeline/units.ts";

/** The cookie that a login link sets. */
export const loginCookie = "swath_login";

/** A secret to sign tokens with; 32 bytes. */
export const newSecret = (): Uint8Array => randomBytes(32);

const signatureOf = (secret: Uint8Array, claim: string): string =>
  createHmac("sha256", secret).update(`swath-login/${claim}`).digest("base64url");

/**
 * A token that lets its bearer change things until `now + valid`: when it runs out, in base 36, and an HMAC of that. Nothing is kept
 * of it, so a server that starts again with the same secret takes it too.
 */
export const issueToken = (secret: Uint8Array, now: Instant, valid: Seconds): string => {
  const claim = Math.floor(later(now, valid)).toString(36);
  return `${claim}.${signatureOf(secret, claim)}`;
};

/** What a token is worth: good, or why not. */
export type TokenState = "valid" | "unknown" | { readonly ranOutAt: string };

/** Looks at a token. Takes the same time whatever is wrong with its signature. */
export const checkToken = (secret: Uint8Array, token: string, now: Instant): TokenState => {
  const [claim = "", signature = ""] = token.split(".");
  const said = Buffer.from(signature);
  const right = Buffer.from(signatureOf(secret, claim));
  if (said.length !== right.length || !timingSafeEqual(said, right)) return "unknown";
  const end = instant(Number.parseInt(claim, 36));
  return now <= end ? "valid" : { ranOutAt: formatInstant(end) };
};
