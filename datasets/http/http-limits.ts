import { bytes, seconds, type Bytes, type Seconds } from "../../pipeline/units.ts";

/** What fetching may cost before it is given up. Every one is a bound that a server cannot lift. */
export interface HttpLimits {
  /** Tries of one request, the first included. */
  readonly attempts: number;
  /** Wait before the second try; each further one waits twice as long. */
  readonly backoff: Seconds;
  /** The longest `Retry-After` that is waited for. */
  readonly mostWait: Seconds;
  /** A connection on which nothing comes for so long is dead. */
  readonly idle: Seconds;
  /** A body slower than this, bytes in a second, is dead as well, once `idle` has passed. */
  readonly leastRate: number;
  /** Requests under way at once, over all servers. */
  readonly connections: number;
  readonly redirects: number;
  /** Fetched on opening a file: enough for the directories of most cloud-optimised ones. */
  readonly head: Bytes;
  /** The largest file that is fetched whole, from a server that sends no ranges. */
  readonly whole: Bytes;
  /** The largest document (an item, a page of a search). */
  readonly document: Bytes;
  /** The largest scratch file for what was fetched. */
  readonly scratch: Bytes;
}

/** The limits when the user sets none. */
export const defaultHttpLimits: HttpLimits = {
  attempts: 5,
  backoff: seconds(0.2),
  mostWait: seconds(60),
  idle: seconds(30),
  leastRate: 20_000,
  connections: 16,
  redirects: 5,
  head: bytes(65_536),
  whole: bytes(2e9),
  document: bytes(64e6),
  scratch: bytes(16e9),
};
