import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError } from "@nats-io/transport-node";
import { SwathError } from "../errors.ts";
import type { Seconds } from "../units.ts";
import { busError } from "./bus-error.ts";
import { faultOf, isAnswer } from "./bus-fault.ts";

/** How long whoever uses a bus puts up with failures that may pass, and who hears of it. */
export interface Patience {
  /** From the first failure on; 0: not at all. */
  readonly wait: Seconds;
  /** Hears, once for each trouble, what is tried again. */
  readonly note: (text: string) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** Gives up at the first failure. */
export const impatient: Patience = { wait: 0 as Seconds, note: () => undefined };

/**
 * Does `work`, and does it again while what fails may pass, for as long as the patience lasts. The work must be such that doing it twice is as
 * good as once: an answer that is lost leaves it open whether the server has done what it was asked. Throws `SwathError` ("bus"): `what` and what
 * came back.
 */
export type Persist = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** Who has never answered is waited for this long, ms: a server that starts answers by then, one at a mistyped address never does. */
const unheardPatience = 30_000;

/** A failure that is over sooner is nobody's concern, ms. */
const tellAfter = 2_000;

/** Between attempts, ms. */
const [shortestRest, longestRest] = [100, 1_000];

/** What is known of the connection that work goes over. */
export interface Wire {
  /** It was closed, by us. */
  readonly isOver: () => boolean;
  /** Calls `listener` after every reconnection, until the function that it returns is called. */
  readonly onReconnect: (listener: () => void) => () => void;
}

/** Does work until the connection that it began on is another: what was asked on the old one is never answered. */
const onOneConnection = async <T>(work: () => Promise<T>, { onReconnect }: Wire): Promise<T> => {
  let stop = (): void => undefined;
  const broken = new Promise<never>((_, reject) => {
    stop = onReconnect(() => reject(new ConnectionError("the connection broke meanwhile")));
  });
  const working = work();
  working.catch(() => undefined); // Nobody may be waiting for it any more.
  try {
    return await Promise.race([working, broken]);
  } finally {
    stop();
  }
};

/** Persists with a patience. One of them belongs to one server: what it has heard once, it believes to come back. */
export const persisting = ({ wait, note, signal }: Patience, wire: Wire): Persist => {
  let hasHeard = false;
  let isTold = false;
  return async (what, work) => {
    let since: number | null = null;
    for (let rest = shortestRest; ; rest = Math.min(2 * rest, longestRest)) {
      try {
        const done = await onOneConnection(work, wire);
        hasHeard = true;
        isTold = false;
        return done;
      } catch (cause) {
        const fault = faultOf(cause);
        const error = busError(what, cause);
        if (isAnswer(cause)) hasHeard = true;
        const patience = hasHeard ? wait * 1000 : Math.min(unheardPatience, wait * 1000);
        since ??= performance.now();
        const lasted = performance.now() - since;
        if (fault === "lasting" || lasted >= patience || wire.isOver() || signal?.aborted === true)
          throw lasted < tellAfter ? error : afterTrying(error, lasted);
        if (!isTold && lasted >= tellAfter) {
          isTold = true;
          note(`${error.message}; it is tried again for ${Math.round(patience / 1000)} s (--wait)`);
        }
        await sleep(Math.min(rest, Math.max(1, patience - lasted)), undefined, { ...(signal && { signal }) });
      }
    }
  };
};

const afterTrying = (error: SwathError, lastedMs: number): SwathError => {
  const { hint } = error.parts;
  const given = `given up after ${Math.round(lastedMs / 1000)} s (--wait)`;
  return new SwathError(error.tag, {
    ...error.parts,
    hint: hint === undefined ? given : `${hint}; ${given}`,
  });
};
