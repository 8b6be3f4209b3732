import { SwathError } from "../../pipeline/errors.ts";
import { asIs, duration, optional, size, valued, whole } from "./option.ts";

/** A command line is read by everybody on the machine, and kept in its history. Throws `SwathError("config")` for one with a secret. */
const addressWithoutSecret = (text: string, what: string): string => {
  if (!/\/\/[^/,]*@/.test(text)) return text;
  throw new SwathError("config", {
    what,
    wanted: "an address without user, password or token: everybody on this machine can read a command line",
    got: text.replaceAll(/\/\/[^/,]*@/g, "//…@"),
    hint: "put them into a file for --login, or into SWATH_NATS_USER and SWATH_NATS_PASSWORD, or SWATH_NATS_TOKEN",
  });
};

/** A prefix of subjects. */
const subjectPrefix = (text: string, what: string): string => {
  if (/^[\w-]+(\.[\w-]+)*$/.test(text)) return text;
  throw new SwathError("config", {
    what,
    wanted: "a subject without wildcards, such as _INBOX_ann",
    got: `"${text}"`,
  });
};

const domainName = (text: string, what: string): string => {
  if (/^[\w-]+$/.test(text)) return text;
  throw new SwathError("config", { what, wanted: "letters, digits, - and _", got: `"${text}"` });
};

const execution = { execution: true } as const;

/** How a NATS that is there already is reached: the same for every command that takes `--nats`. */
export const connectionOptions = {
  nats: optional(
    "<url>",
    "NATS to use: nats://host:port or tls://host:port, or several with commas between",
    addressWithoutSecret,
    execution,
  ),
  creds: optional("<file>", "NATS credentials", asIs, execution),
  nkey: optional("<file>", "seed of the user's nkey, instead of credentials", asIs, execution),
  login: optional(
    "<file>",
    "user on the first line, password on the second (or SWATH_NATS_USER and SWATH_NATS_PASSWORD, or SWATH_NATS_TOKEN in the environment)",
    asIs,
    execution,
  ),
  keys: optional(
    "<path>",
    "keys that swath keys init made: the folder, or the file of a satellite, station or subscriber",
    asIs,
    execution,
  ),
  ca: optional(
    "<file>",
    "who signed the server's certificate (PEM; default: whom the system trusts)",
    asIs,
    execution,
  ),
  cert: optional("<file>", "the client's own certificate (PEM)", asIs, execution),
  "cert-key": optional("<file>", "its key (PEM)", asIs, execution),
  "js-domain": optional(
    "<name>",
    "domain of the JetStream that is meant: the hub's, from a leaf node",
    domainName,
    execution,
  ),
  inbox: optional(
    "<prefix>",
    "where answers come, for accounts that may not subscribe to _INBOX.>",
    subjectPrefix,
    execution,
  ),
  replicas: valued("<n>", "copies of each stream, in a cluster", "1", whole(1, 5), execution),
  "link-replicas": optional(
    "<n>",
    "copies of the streams of link segments (default: as of all others): 1 where lost servers come back with their disk",
    whole(1, 5),
    execution,
  ),
  "stream-bytes": optional(
    "<size>",
    "bound of each stream, set aside by the server: for accounts that must name one",
    size,
    execution,
  ),
  wait: valued(
    "<duration>",
    "give up when the server, a node or a shard says nothing for so long",
    "10min",
    duration,
    execution,
  ),
} as const;

/** The same with a help line for `--nats` that says what it is to the command. */
export const connectionOptionsFor = (help: string): typeof connectionOptions => ({
  ...connectionOptions,
  nats: { ...connectionOptions.nats, help },
});
