import type { IncomingHttpHeaders } from "node:http";
import type { ErrorTag } from "../../pipeline/errors.ts";
import type { HttpLimits } from "./http-limits.ts";

/** What is asked of a server. */
export interface Ask {
  readonly method?: "GET" | "POST";
  /** Asked for anew for each try: a range that was cut off goes on where it ended. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly body?: string;
  /** Statuses that the caller deals with; any other is an error. */
  readonly accept: readonly number[];
  /** The most that is read of the answer: bounds the time it may take. */
  readonly mostBytes: number;
  /** What messages call the thing that is fetched. */
  readonly name: string;
  readonly tag: ErrorTag;
}

/** The answer to one HTTP request, its body not yet read. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Where it came from in the end. */
  readonly url: URL;
  /** The body, counted; what is left of it when the reader stops is thrown away with its connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /**
   * The same for who can take every chunk at once: no waiting between chunks, which is a tenth of the time of a large body. Rejects
   * with what `take` throws, and ends the connection then.
   */
  pour(take: (chunk: Uint8Array) => void): Promise<void>;
}

/** The one way out to web servers: bounded, counted, retried. */
export interface HttpClient extends Disposable {
  readonly limits: HttpLimits;
  /**
   * Sends `ask` and hands the answer to `use`, again after a failure that may pass (a busy server, a lost connection).
   * Throws `SwathError` with the ask's tag when it does not pass or the server refuses, and the signal's reason when that
   * aborts. Query strings stand in no message.
   */
  exchange<Result>(
    url: URL,
    ask: Ask,
    use: (answer: Answer) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
}
