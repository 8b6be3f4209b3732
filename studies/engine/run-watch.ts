import { faultOf } from "../../pipeline/bus/bus-fault.ts";
import { withPatience, type Bus } from "../../pipeline/bus/connection.ts";
import { impatient } from "../../pipeline/bus/persistence.ts";
import { hearNodes, type NodeName } from "../../pipeline/bus/presence.ts";
import { findLease } from "../../pipeline/bus/run-lease.ts";
import { findInState } from "../../pipeline/bus/run-state.ts";
import {
  bucketName,
  incarnationOf,
  nameOfBusRun,
  planKey,
  streamName,
  type StreamKind,
} from "../../pipeline/bus/subjects.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Seconds } from "../../pipeline/units.ts";
import { keepSilences, type Silences } from "./silences.ts";

/** Somebody watches a run. Dispose of it to stop. */
export interface RunWatch extends AsyncDisposable {
  /** Aborts with a `SwathError("bus")` when something that the run needs has vanished, or was silent for too long. */
  readonly signal: AbortSignal;
}

/** What every watch is told. */
interface Watched {
  readonly bus: Bus;
  /** `name.incarnation`. */
  readonly run: string;
  /** How long anything may be silent. */
  readonly wait: Seconds;
  readonly note: (text: string) => void;
}

/** How often silences are looked at, and how often the server is asked, ms. */
const lookEvery = 500;
const askEvery = 2_000;

/** A node that said nothing for so long is silent, ms: it says something every two seconds. */
const nodePatience = 8_000;

/** Looks again and again until it is disposed of or something is found to be over. */
const watching = (
  { bus, wait, note }: Watched,
  ask: (silences: Silences, signal: AbortSignal) => Promise<void>,
): RunWatch => {
  const over = new AbortController();
  const silences = keepSilences(wait, note);
  let asking: Promise<void> | null = null;
  let askedAt = 0;
  const fail = (error: unknown): void => {
    clearInterval(timer);
    over.abort(error);
  };
  const look = (): void => {
    const away = bus.awaySince();
    const server = `NATS at ${bus.address}`;
    silences.update(server, away === null ? null : { what: "no connection", since: away });
    if (away === null && asking === null && performance.now() - askedAt >= askEvery) {
      askedAt = performance.now();
      asking = ask(silences, over.signal)
        .catch(fail)
        .finally(() => (asking = null));
    }
    const lasted = silences.check();
    if (lasted !== null)
      fail(new SwathError("bus", { what: lasted, hint: `given up after ${wait} s: --wait allows more` }));
  };
  const timer = setInterval(look, lookEvery);
  timer.unref();
  return {
    signal: over.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      over.abort(); // Says to what is being asked that nobody listens; it aborts once only.
    },
  };
};

/** What is asked of a stream: how far it is, gone, or no answer. */
const stateOf = async ({ manager }: Bus, stream: string): Promise<number | "gone" | "silent"> => {
  try {
    return (await manager.streams.info(stream)).state.last_seq;
  } catch (error) {
    return /stream not found/i.test(String(error)) ? "gone" : "silent";
  }
};

/** A stream that is behind what it was is asked so often: a new leader may take a moment to know all that is stored. */
const asksWhenBehind = 4;

/** What the command of a run watches, besides the server. */
export interface CommandWatch extends Watched {
  readonly kinds: readonly StreamKind[];
  /** Nodes in processes of their own. */
  readonly nodes: readonly NodeName[];
  /** Key of the run's state that a node writes once it has done all that it had to: it may be silent then. */
  readonly doneKey: (node: NodeName) => string;
  /** When the mission centre last heard something new, as `performance.now()` counts. Once all nodes are done, it may not wait for ever. */
  readonly lastHeard?: () => number;
  /** Called with all nodes of which nothing is heard, and since when (as `performance.now()` counts), whenever that changes. */
  readonly onSilent?: (silent: ReadonlyMap<NodeName, number>) => void;
}

/**
 * Watches what a command depends on: its server, its streams and its bucket, its nodes. What has vanished ends the run within seconds; who is
 * silent is told of with since when, and ends it after `wait`.
 */
export const watchRun = (watch: CommandWatch): RunWatch => {
  const { run, kinds, nodes, doneKey } = watch;
  const bus = withPatience(watch.bus, impatient);
  const streams = [...kinds.map((kind) => streamName(run, kind)), `KV_${bucketName(run)}`];
  const began = performance.now();
  const presence = nodes.length === 0 ? null : hearNodes(bus, run);
  const done = new Set<NodeName>();
  const missingAt = new Set<string>();
  const silentSince = new Map<string, number>();
  let allDoneAt: number | null = null;
  let silentNodes = new Map<NodeName, number>();
  let nowSilent = new Map<NodeName, number>();
  /** How far each stream has been, and how often in a row it was found behind that. */
  const reached = new Map<string, { last: number; behind: number }>();

  /** Throws for a stream that has lost what it had stored: whoever waits for that would wait for ever. */
  const requireWhole = (stream: string, last: number): void => {
    const known = reached.get(stream) ?? { last, behind: 0 };
    known.behind = last < known.last ? known.behind + 1 : 0;
    known.last = Math.max(known.last, last);
    reached.set(stream, known);
    if (known.behind < asksWhenBehind) return;
    throw new SwathError("bus", {
      what: `run ${nameOfBusRun(run)} cannot go on`,
      wanted: `the ${known.last} messages of stream ${stream}`,
      got: `${last} on NATS at ${bus.address}: a server lost its disk that held the only copy`,
      hint: "give the same command again; with --replicas 3 on three servers one may be lost",
    });
  };

  const askStream = async (stream: string, silences: Silences): Promise<void> => {
    const state = await stateOf(bus, stream);
    if (state === "gone") {
      // Asked twice: a server that has just come back may not know yet what it holds.
      if (missingAt.has(stream))
        throw new SwathError("bus", {
          what: `run ${nameOfBusRun(run)} cannot go on`,
          wanted: `${stream.startsWith("KV_") ? "its bucket" : "its stream"} ${stream}`,
          got: `none on NATS at ${bus.address}: somebody removed it`,
        });
      missingAt.add(stream);
      return;
    }
    missingAt.delete(stream);
    if (state !== "silent") {
      silentSince.delete(stream);
      requireWhole(stream, state);
    } else if (!silentSince.has(stream)) silentSince.set(stream, performance.now());
    const since = silentSince.get(stream);
    silences.update(
      `stream ${stream}`,
      since === undefined ? null : { what: "the server does not answer for it", since },
    );
  };

  /** Whether it is known to be done: a server that does not answer leaves that open. */
  const isDone = async (node: NodeName): Promise<boolean> => {
    try {
      return (await findInState(bus, run, doneKey(node))) !== null;
    } catch (error) {
      if (faultOf(error) === "lasting") throw error;
      return false;
    }
  };

  const askNode = async (node: NodeName, silences: Silences): Promise<void> => {
    if (presence === null || done.has(node)) return;
    const heard = presence.lastHeard(node);
    const hasLeft = presence.hasLeft(node);
    const isSilent = heard === null || hasLeft || performance.now() - heard > nodePatience;
    if (isSilent && (await isDone(node))) {
      done.add(node);
      silences.update(`${node.kind} ${node.id}`, null);
      return;
    }
    const what = heard === null ? "not started" : hasLeft ? "ended before it was done" : "nothing heard";
    if (isSilent) nowSilent.set(node, heard ?? began);
    silences.update(`${node.kind} ${node.id}`, isSilent ? { what, since: heard ?? began } : null);
  };

  const looking = watching(watch, async (silences, signal) => {
    await Promise.all(streams.map((stream) => askStream(stream, silences)));
    nowSilent = new Map();
    // Nobody is left who could send what it waits for: something that was stored is lost.
    if (watch.lastHeard !== undefined && nodes.length > 0 && done.size === nodes.length) {
      allDoneAt ??= performance.now();
      silences.update("what the mission centre waits for", {
        what: "all nodes are done and it has not come",
        since: Math.max(allDoneAt, watch.lastHeard()),
      });
    }
    for (const node of nodes) if (!signal.aborted) await askNode(node, silences);
    const isSame =
      nowSilent.size === silentNodes.size &&
      [...nowSilent].every(([node, since]) => silentNodes.get(node) === since);
    if (isSame || signal.aborted) return;
    silentNodes = nowSilent;
    watch.onSilent?.(silentNodes);
  });
  return {
    signal: looking.signal,
    async [Symbol.asyncDispose]() {
      presence?.[Symbol.dispose]();
      await looking[Symbol.asyncDispose]();
    },
  };
};

/**
 * Watches what a node depends on: the server, and the command that holds the run. A run that was removed ends the node within seconds; a
 * command that renews its lease no more is told of with since when, and ends it after `wait`. `key` is what stands in the state of a run that is
 * there; default: its plan.
 */
export const watchCommand = (watch: Watched & { readonly key?: string }): RunWatch => {
  const { run } = watch;
  const bus = withPatience(watch.bus, impatient);
  const name = nameOfBusRun(run);
  let goneSince: number | null = null;
  let misses = 0;
  /** Why there is nothing more to do, and whether anybody holds the run. */
  const ask = async (): Promise<{ readonly over: string | null; readonly isHeld: boolean }> => {
    const lease = await findLease(bus, name);
    if (lease !== null)
      return { over: lease.incarnation === incarnationOf(run) ? null : "another start of it", isHeld: true };
    const isThere = (await findInState(bus, run, watch.key ?? planKey)) !== null;
    return { over: isThere ? null : "no plan: its command ended, or somebody removed it", isHeld: false };
  };
  return watching(watch, async (silences) => {
    const found = await ask().catch(() => null);
    if (found === null) {
      goneSince ??= performance.now(); // The server does not answer: to the node that is as if nobody did.
    } else if (found.over === null) {
      misses = 0;
      goneSince = found.isHeld ? null : (goneSince ?? performance.now());
    } else if (++misses > 1) {
      // Asked twice: at its end a run goes piece by piece, and a copy of what is kept may be behind its leader.
      throw new SwathError("bus", { what: `run ${name} is over on NATS at ${bus.address}`, got: found.over });
    } else return;
    silences.update(
      `the command of run ${name}`,
      goneSince === null ? null : { what: "nothing heard", since: goneSince },
    );
  });
};
