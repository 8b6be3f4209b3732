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
    /unable to (?:verify|get)|self.signed|unknown ca|issuer/i,
    "name who signed the server's certificate with --ca",
  ],
  [
    /cert.*(?:not yet valid|expired)|CERT_(?:NOT_YET|HAS_EXPIRED)/i,
    "set the clock of this machine, or renew the certificate",
  ],
  [/altname|does not match certificate/i, "connect by a name that stands in the server's certificate"],
  [
    /certificate required|bad certificate|handshake/i,
    "this server wants a client certificate: --cert and --cert-key",
  ],
  [
    /tls.*not available|not support .tls/i,
    "this server speaks in the clear: nats:// in place of tls://, if that is what you want",
  ],
  [
    /unexpected response|unexpected server|invalid (?:response|argument)|no word|PARSE|wrong version number|packet length/i,
    "this is no NATS server, or it speaks another protocol there: check the port of --nats",
  ],
  [
    /permission/i,
    "the account needs publish and subscribe on swath.>, $JS.API.>, $JS.ACK.>, $KV.> and _INBOX.> (--inbox names another prefix)",
  ],
  [
    /authorization|authentication|credential|user info|jwt|nkey/i,
    "check what --creds, --nkey or --login names, or SWATH_NATS_USER, SWATH_NATS_PASSWORD and SWATH_NATS_TOKEN",
  ],
  [
    /jetstream.*not.*enabled|no responders|10039|10076/i,
    "start that server with JetStream (nats-server -js), leave out --nats, or name the hub's domain with --js-domain where it is a leaf node",
  ],
  [
    /refused|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|timeout/i,
    "check the --nats URL, and that a NATS server answers there; or leave it out to start a private one",
  ],
  [/insufficient|maximum bytes|no space|resources/i, "give JetStream more storage, or remove earlier runs"],
];
