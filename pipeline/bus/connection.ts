import { readFileSync } from "node:fs";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import { connect, credsAuthenticator, nkeyAuthenticator } from "@nats-io/transport-node";
import type { NatsConnection, NodeConnectionOptions } from "@nats-io/transport-node";
import { SwathError } from "../errors.ts";
import type { Seal } from "../keys/seal.ts";
import { readSecretFile } from "../secret-file.ts";
import type { OnRefused } from "../mission/refusal.ts";
import type { Bytes } from "../units.ts";
import { busError } from "./bus-error.ts";

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
  /** Calls `listener` after every reconnection, until the function that it returns is called. */
  readonly onReconnect: (listener: () => void) => () => void;
}

/** How a run's streams are kept on the server. */
export interface StoragePlan {
  /** Copies of each stream, in a cluster. */
  readonly replicas: number;
  /** Bound of each stream, set aside by the server; `null`: number and age of messages are bounds enough. */
  readonly maxBytes: Bytes | null;
}

/** A seal, and who takes note of what it refuses. */
export interface BusGuard {
  readonly seal: Seal;
  readonly node: string;
  readonly onRefused: OnRefused;
}

/** How a NATS server is reached. */
export interface BusOptions {
  /** `nats://[user:password@ | token@]host:port`, or several, separated by commas. */
  readonly url: string;
  /** Path of a credentials file. */
  readonly creds?: string;
  /** Path of a file with the seed of an nkey. */
  readonly nkey?: string;
  /** Begins the subjects on which answers come, where the account may not subscribe to `_INBOX.>`. */
  readonly inboxPrefix?: string;
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** Default: one copy, no limit in bytes. */
  readonly storage?: StoragePlan;
  /** Default: nothing is signed or checked. */
  readonly guard?: BusGuard;
}

/**
 * Connects; once connected, reconnects for as long as the bus lives, at 0.1 to 0.3 s apart.
 * Throws `SwathError` ("bus") when the server is not there, does not let us in, or has no JetStream.
 */
export const connectBus = async (options: BusOptions): Promise<Bus> => {
  const { servers, login } = parseUrl(options.url);
  const address = servers.join(",");
  const what = `cannot use NATS at ${address}`;
  const authenticator = options.creds === undefined ? {} : { authenticator: readCreds(options.creds) };
  let connection: NatsConnection;
  try {
    connection = await connect({
      servers,
      name: options.name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      reconnectJitter: 200,
      timeout: 5_000,
      ...login,
      ...authenticator,
      ...(options.nkey === undefined ? {} : { authenticator: readNkey(options.nkey) }),
      ...(options.inboxPrefix === undefined ? {} : { inboxPrefix: options.inboxPrefix }),
    });
  } catch (cause) {
    throw busError(what, cause);
  }
  try {
    const manager = await jetstreamManager(connection, { timeout: 10_000 });
    const js = jetstream(connection, { timeout: 10_000 });
    return {
      connection,
      js,
      manager,
      address,
      inboxPrefix: options.inboxPrefix,
      storage: options.storage ?? { replicas: 1, maxBytes: null },
      guard: options.guard ?? null,
      onReconnect: reconnections(connection),
      [Symbol.asyncDispose]: () => connection.close(),
    };
  } catch (cause) {
    await connection.close();
    throw busError(connection.info?.jetstream ? what : `NATS at ${address} has no JetStream`, cause);
  }
};

const reconnections = (connection: NatsConnection): Bus["onReconnect"] => {
  const listeners = new Set<() => void>();
  const watch = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === "reconnect") for (const listener of listeners) listener();
    }
  };
  void watch();
  return (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
};

const parseUrl = (text: string): { servers: string[]; login: NodeConnectionOptions } => {
  const urls = text.split(",").map((part) => {
    const withScheme = part.includes("://") ? part.trim() : `nats://${part.trim()}`;
    const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
    if (url === null || !["nats:", "tls:"].includes(url.protocol) || url.hostname === "") {
      throw new SwathError("bus", {
        what: "not the address of a NATS server",
        wanted: "nats://host:port or tls://host:port",
        got: part.replace(/\/\/.*@/, "//…@"),
      });
    }
    return url;
  });
  const [first] = urls as [URL];
  const user = decodeURIComponent(first.username);
  const pass = decodeURIComponent(first.password);
  const secret = pass === "" ? { token: user } : { user, pass };
  const login = { ...(user === "" ? {} : secret), ...(first.protocol === "tls:" ? { tls: {} } : {}) };
  return { servers: urls.map((url) => `${url.hostname}:${url.port || "4222"}`), login };
};

const readCreds = (path: string): ReturnType<typeof credsAuthenticator> => {
  try {
    return credsAuthenticator(readFileSync(path));
  } catch (cause) {
    throw busError(`cannot read NATS credentials ${path}`, cause);
  }
};

const readNkey = (path: string): ReturnType<typeof nkeyAuthenticator> => {
  const seed = /^\s*(SU[A-Z2-7]{56})\s*$/m.exec(readSecretFile(path, "the nkey"))?.[1] ?? "";
  return nkeyAuthenticator(Buffer.from(seed));
};
