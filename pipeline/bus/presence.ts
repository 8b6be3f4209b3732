import { headers, type Msg, type MsgHdrs } from "@nats-io/transport-node";
import type { Bus } from "./connection.ts";
import { signatureHeader } from "./publisher.ts";
import { aliveSubject, aliveSubjects } from "./subjects.ts";

/** Somebody who takes part in a run in a process of its own. */
export interface NodeName {
  readonly kind: "satellite" | "station" | "shard";
  readonly id: string;
}

/** A node says that it lives this often, ms. Nothing of it is stored: a server that is full hears it all the same. */
const sayEvery = 2_000;

/** What stands in for a message id: nothing of this is stored. */
const numberHeader = "Swath-Number";

const words = { alive: "alive", gone: "gone" } as const;

/** Says on the bus that a node lives, until it is disposed of; then, that it is gone. With keys it signs that, under a number that grows. */
export const sayAlive = ({ connection, guard }: Bus, run: string, { kind, id }: NodeName): Disposable => {
  const subject = aliveSubject(run, kind, id);
  let number = 0;
  const signed = (word: string): MsgHdrs | undefined => {
    if (guard === null) return undefined;
    // A node that starts again goes on above what it said before.
    number = Math.max(number + 1, Date.now());
    const msgId = `${number}`;
    const head = headers();
    head.set(numberHeader, msgId);
    head.set(signatureHeader, guard.seal.sign({ subject, msgId, data: Buffer.from(word) }));
    return head;
  };
  const say = (word: string): void => {
    const head = signed(word);
    if (!connection.isClosed())
      connection.publish(subject, word, head === undefined ? {} : { headers: head });
  };
  say(words.alive);
  const timer = setInterval(() => say(words.alive), sayEvery);
  timer.unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      say(words.gone);
    },
  };
};

/** Who was heard of, and when; times are those of `performance.now()`, ms. Dispose of it to stop listening. */
export interface Presence extends Disposable {
  /** `null`: never. */
  readonly lastHeard: (node: NodeName) => number | null;
  /** Whether the last that it said was that it goes. */
  readonly hasLeft: (node: NodeName) => boolean;
}

/**
 * Listens to the nodes of a run. With keys only what a node signed counts, under a number above all before: neither a stranger nor a recording keeps
 * anybody waiting for a node that is gone. What is heard is never taken for a result.
 */
export const hearNodes = ({ connection, guard }: Bus, run: string): Presence => {
  const heard = new Map<string, { readonly at: number; readonly isGone: boolean }>();
  const numbers = new Map<string, number>();
  const isGenuine = ({ subject, data, headers: head }: Msg): boolean => {
    if (guard === null) return true;
    const msgId = head?.get(numberHeader) ?? "";
    const refusal =
      guard.seal.check({ subject, msgId, data }, head?.get(signatureHeader) ?? "") ??
      (Number(msgId) > (numbers.get(subject) ?? 0) ? null : "replayed");
    if (refusal === null) numbers.set(subject, Number(msgId));
    else guard.onRefused({ node: guard.node, what: "alive message", reason: refusal });
    return refusal === null;
  };
  const keyOf = ({ kind, id }: NodeName): string => aliveSubject(run, kind, id);
  const listening = connection.subscribe(aliveSubjects(run), {
    callback: (error, message) => {
      if (error !== null || !isGenuine(message)) return;
      const { subject, data } = message;
      const isGone = data.length === words.gone.length && Buffer.from(data).toString() === words.gone;
      heard.set(subject, { at: performance.now(), isGone });
    },
  });
  return {
    lastHeard: (node) => heard.get(keyOf(node))?.at ?? null,
    hasLeft: (node) => heard.get(keyOf(node))?.isGone ?? false,
    [Symbol.dispose]() {
      if (!connection.isClosed()) listening.unsubscribe();
    },
  };
};
