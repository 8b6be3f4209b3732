import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import type { GatewayAddress } from "./live-gateway.ts";

/** A gateway as its clients see it. `token` is empty where there is none: then it can only be read. */
export type GatewayPlace = GatewayAddress;

/** A detection with the cursor behind it. */
export interface FollowedDetection {
  readonly cursor: string;
  readonly result: ResultMessage;
}

const headersOf = ({ token }: GatewayPlace): Record<string, string> =>
  token === "" ? {} : { Authorization: `Bearer ${token}` };

const refusal = async (url: string, response: Response): Promise<SwathError> => {
  const text = await response.text();
  try {
    const { what, wanted, got, hint, field } = JSON.parse(text) as Readonly<Record<string, string>>;
    const tag = response.status < 500 ? "config" : "bus";
    return new SwathError(tag, {
      what: what ?? `${url} answered ${response.status}`,
      ...(wanted === undefined ? {} : { wanted }),
      ...(got === undefined ? {} : { got }),
      ...(hint === undefined ? {} : { hint }),
      ...(field === undefined ? {} : { field }),
    });
  } catch {
    return new SwathError("bus", {
      what: `${url} answered ${response.status}`,
      got: text.slice(0, 80),
      hint: "is it a swath serve?",
    });
  }
};

const unreachable = (place: GatewayPlace, cause: unknown): SwathError =>
  new SwathError("bus", {
    what: `no gateway at ${place.url}`,
    wanted: "swath serve at work there",
    got: messageOf((cause as Error).cause ?? cause),
    cause,
  });

/** Asks a gateway for one thing; what it answers, or `null` for an answer without a body. Throws what it refuses as `SwathError`. */
export const askGateway = async (
  place: GatewayPlace,
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> => {
  let response: Response;
  try {
    response = await fetch(`${place.url}${path}`, {
      method,
      headers: { ...headersOf(place), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (cause) {
    throw unreachable(place, cause);
  }
  if (!response.ok) throw await refusal(place.url, response);
  return response.status === 204 ? null : response.json();
};

/** An event of a stream. */
interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Events of a stream as they come (WHATWG HTML, 9.2.6), as far as a gateway uses them. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const fields = new Map(
        frame
          .split("\n")
          .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const),
      );
      const data = fields.get("data");
      if (data !== undefined)
        yield { id: fields.get("id") ?? "", event: fields.get("event") ?? "message", data };
    }
  }
}

/** What is followed: a query of the gateway, and where it begins. */
export interface FollowRequest {
  /** As `POST /api/detections/stream` takes it. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Waits between two tries to reach a gateway that was there; ms. */
const retry = { least: 200, most: 5_000 };

/**
 * Detections of a gateway, each once and in its order, until the signal aborts; a gateway that goes is waited for and asked for what came
 * meanwhile. Throws what it refuses as `SwathError`, and where it is not there at first.
 */
export async function* followGateway(
  place: GatewayPlace,
  { query, note, signal }: FollowRequest,
): AsyncGenerator<FollowedDetection> {
  let last: string | null = null;
  let wasThere = false;
  for (let wait = retry.least; !signal.aborted; wait = Math.min(wait * 2, retry.most)) {
    try {
      const response = await fetch(`${place.url}/api/detections/stream`, {
        method: "POST",
        headers: {
          ...headersOf(place),
          "Content-Type": "application/json",
          ...(last === null ? {} : { "Last-Event-ID": last }),
        },
        body: JSON.stringify(query),
        signal,
      });
      if (!response.ok || response.body === null) throw await refusal(place.url, response);
      wasThere = true;
      wait = retry.least;
      for await (const { id, event, data } of eventsOf(response.body)) {
        if (event === "message") {
          yield { cursor: id, result: JSON.parse(data) as ResultMessage };
          last = id;
        } else if (event === "gap") note("detections in between are no longer kept by the gateway");
        else if (event === "live") last ??= (JSON.parse(data) as { readonly cursor: string }).cursor;
        else if (event === "problem")
          throw new SwathError("bus", { what: "the gateway let us go", got: data });
      }
      if (!signal.aborted) note(`${place.url} has gone: waiting for it`);
    } catch (cause) {
      if (signal.aborted) return;
      if (cause instanceof SwathError) throw cause;
      if (!wasThere) throw unreachable(place, cause);
    }
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}
