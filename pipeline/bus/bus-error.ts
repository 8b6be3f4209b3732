import { SwathError, messageOf } from "../errors.ts";

/** What NATS threw, as one clear line: what we were about, what came back, how to go on. */
export const busError = (what: string, cause: unknown): SwathError => {
  if (cause instanceof SwathError) return cause;
  const hint = hints.find(([pattern]) => pattern.test(textOf(cause)))?.[1];
  return new SwathError("bus", { what, got: textOf(cause), ...(hint === undefined ? {} : { hint }), cause });
};

const textOf = (error: unknown): string => {
  const inner = error instanceof Error && error.cause !== undefined ? ` (${messageOf(error.cause)})` : "";
  const name = error instanceof Error && error.message === "" ? error.name : "";
  return `${messageOf(error)}${name}${inner}`;
};

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /permission/i,
    "the account needs publish and subscribe on swath.>, $JS.API.>, $JS.ACK.>, $KV.> and _INBOX.>",
  ],
  [
    /authorization|authentication|credential|user info|jwt|nkey/i,
    "check the --creds file, or the user and password in --nats",
  ],
  [
    /jetstream.*not.*enabled|no responders|10039|10076/i,
    "start that server with JetStream (nats-server -js), or leave out --nats",
  ],
  [
    /refused|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|timeout/i,
    "check the --nats URL, or leave it out to start a private server",
  ],
  [/insufficient|maximum bytes|no space|resources/i, "give JetStream more storage, or remove earlier runs"],
];
