import { Agent as HttpAgent, request as httpRequest, STATUS_CODES, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { Answer, Ask, HttpClient } from "./exchange.ts";
import type { HttpLimits } from "./http-limits.ts";
import { headersFor, nextHop } from "./redirect.ts";
import { errorText, retryAfter, Transient, transientOf, transientStatuses } from "./transient.ts";
import type { TrafficMeter } from "./traffic.ts";

/** Lets `most` pass at a time, in the order they came. */
const turnstile = (most: number) => {
  let free = most;
  const waiting: (() => void)[] = [];
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (free > 0) free--;
    else await new Promise<void>((go) => void waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
};

/** Opens a client. `signal` ends everything under way. */
export const openHttpClient = (
  limits: HttpLimits,
  meter: TrafficMeter,
  signal: AbortSignal | undefined,
): HttpClient => {
  const keep = { keepAlive: true, maxSockets: limits.connections, maxFreeSockets: limits.connections };
  const agents = { "http:": new HttpAgent(keep), "https:": new HttpsAgent(keep) };
  const inTurn = turnstile(limits.connections);

  /** One request, one answer; no redirect is followed, no status judged. */
  const send = (url: URL, ask: Ask, headers: Readonly<Record<string, string>>, stop: AbortSignal) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const isTls = url.protocol === "https:";
      const agent = agents[isTls ? "https:" : "http:"];
      const { method = "GET" } = ask;
      const request = (isTls ? httpsRequest : httpRequest)(url, { method, headers, agent, signal: stop });
      request.setTimeout(1000 * limits.idle, () =>
        request.destroy(new Transient(`nothing came for ${limits.idle} s`)),
      );
      request.once("error", reject);
      request.once("response", resolve);
      meter.request();
      request.end(ask.body);
    });

  const follow = async (start: URL, ask: Ask, stop: AbortSignal) => {
    let url = start;
    for (let hops = 0; ; hops++) {
      const message = await send(url, ask, headersFor(start, url, ask), stop);
      const next = nextHop(url, message, ask, hops, limits.redirects);
      if (next === null) return { url, message };
      message.destroy();
      url = next;
    }
  };

  const attempt = async <Result>(
    start: URL,
    ask: Ask,
    use: (answer: Answer) => Promise<Result>,
    given: AbortSignal | undefined,
  ): Promise<Result> => {
    const late = new AbortController();
    const time = limits.idle + ask.mostBytes / limits.leastRate;
    const timer = setTimeout(
      () => late.abort(new Transient(`not done after ${Math.round(time)} s`)),
      1000 * time,
    );
    const stop = AbortSignal.any([late.signal, ...[signal, given].filter((s) => s !== undefined)]);
    let message: IncomingMessage | undefined;
    try {
      const found = await follow(start, ask, stop);
      ({ message } = found);
      const { statusCode: status = 0, headers } = message;
      if (transientStatuses.has(status)) {
        throw new Transient(`HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trim(), retryAfter(headers));
      }
      const body = counted(message, meter);
      if (!ask.accept.includes(status)) throw await refusal(ask, status, body);
      const pour: Answer["pour"] = (take) => pourCounted(found.message, meter, take);
      return await use({ status, headers, url: found.url, body, pour });
    } catch (error) {
      signal?.throwIfAborted();
      given?.throwIfAborted();
      if (late.signal.aborted) throw late.signal.reason;
      throw transientOf(error);
    } finally {
      clearTimeout(timer);
      // A body read to its end has given its connection back already.
      if (message !== undefined && !message.complete) message.destroy();
      else message?.resume();
    }
  };

  const exchange: HttpClient["exchange"] = async (url, ask, use, given) => {
    for (let tries = 1; ; tries++) {
      try {
        return await inTurn(() => attempt(url, ask, use, given));
      } catch (error) {
        if (!(error instanceof Transient)) {
          if (error instanceof SwathError || given?.aborted || signal?.aborted) throw error;
          throw failure(ask, errorText(messageOf(error)), error);
        }
        const wait = Math.max(limits.backoff * 2 ** (tries - 1), error.wait ?? 0);
        if (tries >= limits.attempts) throw failure(ask, `${error.message}, ${tries} times`, error);
        if (wait > limits.mostWait) {
          throw failure(ask, `${error.message}, to be tried again after ${Math.round(wait)} s`, error);
        }
        meter.retry();
        const stop = [signal, given].filter((s) => s !== undefined);
        await sleep(1000 * wait, undefined, stop.length > 0 ? { signal: AbortSignal.any(stop) } : {}).catch(
          (reason: unknown) => {
            for (const one of stop) one.throwIfAborted();
            throw reason;
          },
        );
      }
    }
  };

  return {
    limits,
    exchange,
    [Symbol.dispose]: () => {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
};

async function* counted(message: IncomingMessage, meter: TrafficMeter): AsyncGenerator<Uint8Array> {
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    meter.received(chunk.length);
    yield chunk;
  }
  if (!message.complete) throw new Transient("the connection ended early");
}

const pourCounted = (
  message: IncomingMessage,
  meter: TrafficMeter,
  take: (chunk: Uint8Array) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(error as Error);
      message.destroy();
    };
    message.once("error", fail);
    const end = (): void =>
      message.complete ? resolve() : fail(new Transient("the connection ended early"));
    message.once("end", end);
    message.once("close", end);
    message.on("data", (chunk: Uint8Array) => {
      if (message.destroyed) return;
      meter.received(chunk.length);
      try {
        take(chunk);
      } catch (error) {
        fail(error);
      }
    });
  });

const failure = ({ name, tag }: Ask, got: string, cause?: unknown): SwathError =>
  new SwathError(tag, { what: `${name} cannot be fetched`, got, ...(cause === undefined ? {} : { cause }) });

const hints: Readonly<Record<number, string>> = {
  401: "sign the href, or see that its signature has not expired",
  403: "sign the href, or see that its signature has not expired",
};

/** How much of an error's body is looked at. */
const mostErrorBytes = 4096;

/** The error of a status that nobody waits for, with what an API says about it. */
const refusal = async (ask: Ask, status: number, body: AsyncIterable<Uint8Array>): Promise<SwathError> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    if ((length += chunk.length) >= mostErrorBytes) break;
  }
  const said = errorText(Buffer.concat(chunks).subarray(0, mostErrorBytes).toString("utf8"));
  const got = [`HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trim(), said].filter(Boolean).join(": ");
  const hint = hints[status];
  return new SwathError(ask.tag, {
    what: `${ask.name} cannot be fetched`,
    got,
    ...(hint === undefined ? {} : { hint }),
  });
};
