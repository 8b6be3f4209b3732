import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { SwathError, messageOf } from "../errors.ts";
import { grantsOf } from "../keys/roles.ts";
import { longestMessage } from "../message.ts";
import { findNatsServer } from "./server-binary.ts";

/** A private `nats-server` with JetStream. Dispose of it to stop it and to remove what it stored. */
export interface NatsServer extends AsyncDisposable {
  /** With the password that lets its bearer do everything: hand it to own processes only. */
  readonly url: string;
  /** With that of a reader of results, who may do nothing else. */
  readonly readerUrl: string;
  readonly port: number;
  /** Mode 700. */
  readonly storeFolder: string;
  /** Aborts, with a `SwathError("storage")`, when its disk has had no room for some seconds: it takes requests then that it never answers. */
  readonly full: AbortSignal;
  /** Stops it, "KILL" as a crash would, and starts it again on the same port and store. */
  restart(signal?: "TERM" | "KILL"): Promise<void>;
}

/** How a private NATS server is started and stopped. */
export interface NatsServerOptions {
  /** Stops the server and removes its store when it aborts. */
  readonly signal?: AbortSignal;
  /** Where to look for the program, in place of the environment's. */
  readonly path?: string;
}

/**
 * A shell that holds the server on a leash: it ends the server when this process asks for it ("TERM", "KILL"), and when
 * this process is gone, however it went (end of file): then it removes the store too.
 */
const leash = `
{ "$1" -c "$2/server.conf" >"$2/server.log" 2>&1 </dev/null; echo "exit $?"; } &
read -r word || word=
while [ ! -s "$2/server.pid" ] && kill -0 $!; do sleep 0.1; done
read -r server <"$2/server.pid" # No newline at its end: read fails, and has read it.
[ -z "$server" ] || kill "-\${word:-KILL}" "$server"
wait
[ -n "$word" ] || rm -rf "$2"
`;

type Leash = ChildProcessByStdio<Writable, Readable, null>;

const startTimeout = 15_000;

/** How often the server's disk is tried, ms, with how much (a segment of a link, the largest message that comes often), and how often it must fail. */
const [roomEvery, roomNeeded, roomTries] = [1_000, 256 * 1024, 2];

/** Tries again and again whether there is room in a folder; aborts when there is none. Figures of free space do not know quotas: it is written. */
const watchRoom = (folder: string): { readonly full: AbortSignal } & Disposable => {
  const controller = new AbortController();
  const file = join(folder, "room");
  let failed = 0;
  let isBusy = false;
  const attempt = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      await writeFile(file, new Uint8Array(roomNeeded));
      failed = 0;
    } catch (cause) {
      const isFull = ["ENOSPC", "EDQUOT"].includes((cause as NodeJS.ErrnoException).code ?? "");
      failed = isFull ? failed + 1 : 0;
      if (failed === roomTries)
        controller.abort(
          new SwathError("storage", {
            what: `the private nats-server cannot store in ${folder}`,
            got: messageOf(cause),
            hint: "free some disk space or point TMPDIR at a larger disk",
            cause,
          }),
        );
    } finally {
      await rm(file, { force: true }).catch(() => undefined);
      isBusy = false;
    }
  };
  const timer = setInterval(() => void attempt(), roomEvery).unref();
  return { full: controller.signal, [Symbol.dispose]: () => clearInterval(timer) };
};

/**
 * Starts a `nats-server` of our own: loopback only, a random port and passwords, JetStream in a temporary folder.
 * Throws `SwathError` ("bus") when there is none installed or it does not come up.
 */
export const startNatsServer = async (options: NatsServerOptions = {}): Promise<NatsServer> => {
  const { signal, path = process.env["PATH"] ?? "" } = options;
  signal?.throwIfAborted();
  const binary = findNatsServer(path);
  const folder = mkdtempSync(join(tmpdir(), "swath-nats-")); // Made with mode 700.
  const passwords = { swath: randomBytes(16).toString("hex"), reader: randomBytes(16).toString("hex") };
  let held: Leash | null = null;
  let port = -1; // Any free one, the first time.

  const start = async (): Promise<void> => {
    writeFileSync(join(folder, "server.conf"), configuration(folder, port, passwords));
    const child = spawn("/bin/sh", ["-c", leash, "sh", binary, folder], {
      detached: true, // Ctrl-C is for us to act upon: the server ends after the run has.
      stdio: ["pipe", "pipe", "ignore"],
    });
    child.stdin.on("error", () => undefined); // A leash that is gone already has nothing more to be told.
    held = child;
    port = await listening(child, folder);
    // A process that ends without disposing must not be kept by its server; the leash ends that one.
    child.unref();
    for (const pipe of [child.stdin, child.stdout]) (pipe as Socket).unref();
  };
  const stop = async (word: string): Promise<void> => {
    const child = held;
    held = null;
    if (child === null) return;
    const gone =
      child.exitCode === null ? new Promise<void>((done) => child.once("close", () => done())) : null;
    child.ref();
    child.stdin.end(word);
    child.stdout.resume();
    await gone;
  };
  const room = watchRoom(folder);
  let disposal: Promise<void> | null = null;
  const dispose = (): Promise<void> => (disposal ??= disposeOnce());
  const disposeOnce = async (): Promise<void> => {
    signal?.removeEventListener("abort", onAbort);
    room[Symbol.dispose]();
    await stop("");
    rmSync(folder, { recursive: true, force: true });
  };
  const onAbort = (): void => void dispose();
  signal?.addEventListener("abort", onAbort, { once: true });

  try {
    await start();
  } catch (cause) {
    await dispose();
    throw cause;
  }
  return {
    url: `nats://swath:${passwords.swath}@127.0.0.1:${port}`,
    readerUrl: `nats://subscriber:${passwords.reader}@127.0.0.1:${port}`,
    port,
    storeFolder: join(folder, "store"),
    full: room.full,
    restart: async (word = "TERM") => {
      await stop(`${word}\n`);
      rmSync(join(folder, "server.pid"), { force: true });
      await start();
    },
    [Symbol.asyncDispose]: dispose,
  };
};

interface Passwords {
  readonly swath: string;
  readonly reader: string;
}

const may = (verb: "publish" | "subscribe"): readonly string[] =>
  grantsOf("subscriber", "subscriber").flatMap((grant) => (grant.verb === verb ? [grant.subject] : []));

/**
 * The command's nodes live in one process and share its login; who reads results from another may do that alone.
 * `max_payload`: link segments are 256 KiB, the server's default of 1 MB would do; plans and archives are larger.
 * JSON is a subset of the server's configuration language, so nothing in a path needs escaping.
 */
const configuration = (folder: string, port: number, passwords: Passwords): string =>
  JSON.stringify({
    listen: `127.0.0.1:${port}`,
    authorization: {
      users: [
        { user: "swath", password: passwords.swath },
        {
          user: "subscriber",
          password: passwords.reader,
          permissions: { publish: may("publish"), subscribe: may("subscribe") },
        },
      ],
    },
    max_payload: longestMessage,
    write_deadline: "60s",
    jetstream: { store_dir: join(folder, "store") },
    pid_file: join(folder, "server.pid"),
    ports_file_dir: folder,
  });

/** Waits until the server says where it listens; the port. */
const listening = async (child: Leash, folder: string): Promise<number> => {
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  let failed: unknown = null;
  child.once("error", (cause) => (failed = cause));
  for (let waited = 0; waited < startTimeout; waited += 10) {
    const port = portOf(folder);
    if (port !== null) return port;
    if (failed !== null || said.includes("exit")) break;
    await sleep(10);
  }
  throw new SwathError("bus", {
    what: "the private nats-server did not start",
    got: failed === null ? lastLine(join(folder, "server.log")) : messageOf(failed),
    hint: "free space in the temporary folder (TMPDIR), or join a running server with --nats URL",
    cause: failed,
  });
};

/** The server writes `nats-server_<pid>.ports` once it accepts connections, and removes it when it stops in order. */
const portOf = (folder: string): number | null => {
  const pid = read(join(folder, "server.pid")).trim();
  const file = readdirSync(folder).find((name) => pid !== "" && name.endsWith(`_${pid}.ports`));
  const port = /"nats:\/\/[^"]*:(\d+)"/.exec(file === undefined ? "" : read(join(folder, file)))?.[1];
  return port === undefined ? null : Number(port);
};

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
};

const lastLine = (file: string): string => read(file).trim().split("\n").at(-1) || "no word from it";
