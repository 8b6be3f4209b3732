import type { Bus } from "./connection.ts";
import { aliveSubject, aliveSubjects } from "./subjects.ts";

/** Somebody who takes part in a run in a process of its own. */
export interface NodeName {
  readonly kind: "satellite" | "station" | "shard";
  readonly id: string;
}

/** A node says that it lives this often, ms. Nothing of it is stored: a server that is full hears it all the same. */
const sayEvery = 2_000;

const words = { alive: "alive", gone: "gone" } as const;

/** Says on the bus that a node lives, until it is disposed of; then, that it is gone. */
export const sayAlive = ({ connection }: Bus, run: string, { kind, id }: NodeName): Disposable => {
  const subject = aliveSubject(run, kind, id);
  const say = (word: string): void => {
    if (!connection.isClosed()) connection.publish(subject, word);
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

/** Listens to the nodes of a run. Who may publish there is a matter of the server's permissions: what is heard is never taken for a result. */
export const hearNodes = ({ connection }: Bus, run: string): Presence => {
  const heard = new Map<string, { readonly at: number; readonly isGone: boolean }>();
  const keyOf = ({ kind, id }: NodeName): string => aliveSubject(run, kind, id);
  const listening = connection.subscribe(aliveSubjects(run), {
    callback: (error, { subject, data }) => {
      if (error !== null) return;
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
