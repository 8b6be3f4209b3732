import { readFileSync } from "node:fs";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { NatsConnection, NodeConnectionOptions, TlsOptions } from "@nats-io/transport-node";
import { messageOf, SwathError } from "../errors.ts";
import type { Seal } from "../keys/seal.ts";
import { readSecretFile } from "../secret-file.ts";
import type { OnRefused } from "../mission/refusal.ts";
import { seconds, type Bytes, type Seconds } from "../units.ts";
import { busError } from "./bus-error.ts";
import { isUnanswered } from "./bus-fault.ts";
import { impatient, persisting, type Patience, type Persist } from "./persistence.ts";
import { readLoginOf, type LoginOptions } from "./login.ts";
import { leastPayload } from "./message-parts.ts";
import { parseServerAddress, type ServerAddress } from "./server-address.ts";

/** A connection to NATS with JetStream. Dispose of it to close it. */
export interface Bus extends AsyncDisposable {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Without user, password or token: for messages. */
  readonly address: string;
  /** Begins the subjects on which answers come; `undefined`: as the library has it. */
  readonly inboxPrefix: string | undefined;
  /** How streams are kept there. */
  readonly storage: StoragePlan;
  /** Signs what is said and checks what is heard; `null`: nobody does. */
  readonly guard: BusGuard | null;
  /** Since when there is no connection, as `performance.now()` counts; `null`: there is one. */
  readonly awaySince: () => number | null;
  /** Does what may fail for a while, again and again, as long as the bus was given patience for. */
  readonly persist: Persist;
  /** How long that is. */
  readonly wait: Seconds;
  /** Calls `listener` after every reconnection, until the function that it returns is called. */
  readonly onReconnect: (listener: () => void) => () => void;
}

/** How a run's streams are kept on the server. */
export interface StoragePlan {
  /** Copies of each stream, in a cluster. */
  readonly replicas: number;
  /** Copies of the streams of link segments, which are most of what a run keeps; default: as of all others. */
  readonly linkReplicas?: number | null;
  /** Bound of each stream, set aside by the server; `null`: number and age of messages are bounds enough. */
  readonly maxBytes: Bytes | null;
}

/** A seal, and who takes note of what it refuses. */
export interface BusGuard {
  readonly seal: Seal;
  readonly node: string;
  readonly onRefused: OnRefused;
}

/** Files by which client and server prove to each other who they are, in PEM. */
export interface TlsFiles {
  /** Who signed the server's certificate, in place of those that the system trusts. */
  readonly ca?: string;
  /** The client's own certificate, and its key. */
  readonly cert?: string;
  readonly certKey?: string;
}

/** How a NATS server is reached. */
export interface BusOptions extends LoginOptions, TlsFiles {
  /** `nats://[user:password@ | token@]host:port`, or several, separated by commas. */
  readonly url: string;
  /** Domain of the JetStream that is meant: of the hub, from a leaf node. */
  readonly domain?: string;
  /** Begins the subjects on which answers come, where the account may not subscribe to `_INBOX.>`. */
  readonly inboxPrefix?: string;
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** Default: one copy, no limit in bytes. */
  readonly storage?: StoragePlan;
  /** Default: nothing is signed or checked. */
  readonly guard?: BusGuard;
  /** How long failures that may pass are put up with, while connecting and later. Default: not at all. */
  readonly patience?: Patience;
}

/** A connected server that refuses to store, or answers nothing for a stream, is put up with for at least this long. */
const leastWait: Seconds = seconds(60);

/**
 * Connects, trying again for as long as the patience allows; once connected, reconnects for as long as the bus lives, at 0.1 to 0.3 s apart.
 * Throws `SwathError` ("bus") when the server is not there, does not let us in, or has no JetStream.
 */
export const connectBus = async (options: BusOptions): Promise<Bus> => {
  const target = parseServerAddress(options.url);
  const address = target.servers.join(",");
  const { domain, inboxPrefix, patience = impatient } = options;
  const settings: NodeConnectionOptions = {
    servers: [...target.servers],
    ...readLoginOf(options, target),
    ...readTls(options, target),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
    name: options.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 200,
    timeout: 5_000,
  };
  const api = { timeout: 5_000, ...(domain === undefined ? {} : { domain }) };
  const what = `cannot use NATS at ${address}`;
  let opened: NatsConnection | null = null;
  let returns: Pick<Bus, "onReconnect" | "awaySince"> | null = null;
  const persist = persisting(patience, {
    isOver: () => opened?.isClosed() === true,
    onReconnect: (listener) => returns?.onReconnect(listener) ?? (() => undefined),
  });
  const { connection, manager } = await persist(what, async () => {
    const made = await dial(settings, what, options, target);
    const { info } = made; // A connection that is closed has none.
    try {
      requireRoom(made, address);
      return { connection: made, manager: await jetstreamManager(made, api) };
    } catch (cause) {
      await made.close();
      throw withoutJetStream(info, what, address, options, cause);
    }
  });
  opened = connection;
  returns = reconnections(connection);
  return {
    connection,
    js: jetstream(connection, api),
    manager,
    address,
    inboxPrefix,
    storage: options.storage ?? { replicas: 1, maxBytes: null },
    guard: options.guard ?? null,
    persist,
    wait: seconds(Math.max(leastWait, patience.wait)),
    ...returns,
    [Symbol.asyncDispose]: () => connection.close(),
  };
};

/** The same bus in the hands of somebody with another patience. */
export const withPatience = (bus: Bus, patience: Patience): Bus => ({
  ...bus,
  persist: persisting(patience, {
    isOver: () => bus.connection.isClosed(),
    onReconnect: bus.onReconnect,
  }),
});

const dial = async (
  settings: NodeConnectionOptions,
  what: string,
  options: BusOptions,
  target: ServerAddress,
): Promise<NatsConnection> => {
  try {
    return await connect(settings);
  } catch (cause) {
    throw silentServer(what, options, target, cause) ?? busError(what, cause);
  }
};

/** Refuses a server that takes messages so short that not even heads fit. Throws `SwathError` ("bus"). */
const requireRoom = ({ info }: NatsConnection, address: string): void => {
  const got = info?.max_payload ?? Infinity;
  if (got >= leastPayload) return;
  throw new SwathError("bus", {
    what: `cannot use NATS at ${address}`,
    wanted: `messages of at least ${leastPayload} bytes (max_payload)`,
    got: `${got}`,
  });
};

const reconnections = (connection: NatsConnection): Pick<Bus, "onReconnect" | "awaySince"> => {
  const listeners = new Set<() => void>();
  let awaySince: number | null = null;
  const watch = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === "disconnect") awaySince ??= performance.now();
      if (type !== "reconnect") continue;
      awaySince = null;
      for (const listener of listeners) listener();
    }
  };
  void watch();
  return {
    awaySince: () => awaySince,
    onReconnect: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

/** A server that misses a client certificate may say nothing at all (TLS 1.3); `null`: that is not it. */
const silentServer = (
  what: string,
  { cert }: BusOptions,
  { isSecure }: ServerAddress,
  cause: unknown,
): SwathError | null =>
  isSecure && cert === undefined && /timeout/i.test(messageOf(cause))
    ? new SwathError("bus", {
        what,
        got: "no answer over TLS",
        hint: "it may want a client certificate (--cert and --cert-key), or be no NATS server",
        cause,
      })
    : null;

/** Why a server that lets us in cannot be used. */
const withoutJetStream = (
  info: NatsConnection["info"],
  what: string,
  address: string,
  { domain }: BusOptions,
  cause: unknown,
): SwathError => {
  const where = domain === undefined ? "" : ` in domain ${domain}`;
  if (!isUnanswered(cause))
    return withoutQuorum(info, `${what}${where}`, cause) ?? busError(`${what}${where}`, cause);
  if (domain !== undefined) {
    return new SwathError("bus", {
      what: `no JetStream in domain ${domain} from NATS at ${address}`,
      got: "no answer",
      hint: "check --js-domain (the domain stands in the hub's jetstream block), and that this leaf node's line to the hub is up",
      cause,
    });
  }
  // A server that has it may be starting; one that has none will never have it.
  if (info?.jetstream === true) return busError(what, cause);
  const { got, hint } = busError("", cause).parts;
  return new SwathError("bus", {
    what: `NATS at ${address} has no JetStream`,
    ...(got === undefined ? {} : { got }),
    ...(hint === undefined ? {} : { hint }),
  });
};

/** A server of a cluster that has no leader: fewer than half of its servers are up, or they are choosing one; `null`: that is not it. */
const withoutQuorum = (info: NatsConnection["info"], what: string, cause: unknown): SwathError | null => {
  if (info?.cluster === undefined || !/timeout|temporarily unavailable/i.test(messageOf(cause))) return null;
  return new SwathError("bus", {
    what,
    got: `no leader in cluster ${info.cluster} (${messageOf(cause)})`,
    hint: "more than half of its servers must be up: start those that are away, then give the same command again",
    cause,
  });
};

const readPem = (path: string, what: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new SwathError("config", { what: `cannot read ${what} ${path}`, got: messageOf(cause), cause });
  }
};

const readTls = (
  { ca, cert, certKey }: TlsFiles,
  { isSecure }: ServerAddress,
): { readonly tls?: TlsOptions } => {
  if ((cert === undefined) !== (certKey === undefined)) {
    const [given, missing] = cert === undefined ? ["--cert-key", "--cert"] : ["--cert", "--cert-key"];
    throw new SwathError("config", { what: given, wanted: `${missing} beside it`, got: "none" });
  }
  const files: TlsOptions = {
    ...(ca === undefined ? {} : { ca: readPem(ca, "the certificates of --ca") }),
    ...(cert === undefined ? {} : { cert: readPem(cert, "the certificate") }),
    ...(certKey === undefined ? {} : { key: readSecretFile(certKey, "the key of the certificate") }),
  };
  if (isSecure) return { tls: files };
  if (Object.keys(files).length === 0) return {};
  throw new SwathError("config", {
    what: "certificates for NATS",
    wanted: "an address that begins with tls://",
    got: "one in the clear",
  });
};
