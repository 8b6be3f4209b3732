import { upgradeWebSocket } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { WebSocket } from "ws";
import { isSwathError, messageOf } from "../../../pipeline/errors.ts";
import { isOfRun, matcher } from "../../../stations/subscribers/detection-filter.ts";
import type { DetectionFeed } from "../../../stations/subscribers/feed.ts";
import { type JournalEntry, textOf } from "../../../stations/subscribers/journal.ts";
import { formatPosition, parsePosition } from "../../../stations/subscribers/position.ts";
import { answerJson } from "../answer.ts";
import type { Face, GatewayEnv } from "../face.ts";
import { HttpProblem, problemOf } from "../problem.ts";
import { detectionOperations } from "./detection-operations.ts";
import { socketMessages, socketSink } from "./detection-socket.ts";
import { askedOf, type DetectionQuery, readQuery } from "./detection-query.ts";
import { eventFrames, eventSink } from "./event-stream.ts";

/** How often a stream says that it lives, for whatever stands between it and its client; ms. */
const heartbeat = 15_000;

/** Clients served at once: beyond, a client is asked to come later. */
const mostSubscribers = 5_000;

const queryOf = async (feed: DetectionFeed, c: Context<GatewayEnv>): Promise<DetectionQuery> => {
  const body = c.req.method === "POST" ? () => c.req.json() as Promise<unknown> : null;
  return readQuery(feed, await askedOf(c.req.queries(), body), "stream", c.req.header("Last-Event-ID"));
};

const requireRoom = ({ fanOut }: DetectionFeed): void => {
  if (fanOut.subscribers < mostSubscribers) return;
  throw new HttpProblem(
    503,
    { what: "too many subscribers", wanted: `at most ${mostSubscribers}` },
    { "Retry-After": "30" },
  );
};

/** A page of what is kept. */
const page = async (feed: DetectionFeed, c: Context<GatewayEnv>): Promise<Response> => {
  const { journal } = feed;
  const asked = await askedOf(
    c.req.queries(),
    c.req.method === "POST" ? () => c.req.json() as Promise<unknown> : null,
  );
  const query = await readQuery(feed, { from: "start", ...asked }, "page", c.req.header("Last-Event-ID"));
  const { filter, limit } = query;
  const { run } = filter;
  if (run !== null && ![...journal.runs].some((one) => isOfRun(one, run)))
    throw new HttpProblem(404, {
      what: `no detections of run "${run.slice(0, 80)}"`,
      hint: "GET /api/detections/kept lists the runs",
      field: "run",
    });
  const matches = matcher(filter);
  const found: JournalEntry[] = [];
  let after = query.after;
  while (found.length <= limit && after < journal.head) {
    const { entries, next } = await journal.read(after + 1);
    found.push(...entries.filter(({ result }) => matches(result)));
    after = next - 1;
  }
  const shown = found.slice(0, limit);
  const isMore = found.length > limit;
  const last = isMore ? (shown.at(-1)?.seq ?? after) : Math.max(after, query.after);
  const cursor = formatPosition(journal, last);
  const params = new URLSearchParams(new URL(c.req.url).search);
  params.set("from", cursor);
  params.delete("cursor");
  const next = isMore && c.req.method === "GET" ? `${c.req.path}?${params.toString()}` : null;
  const detections = shown.map(textOf).join(",");
  if (next !== null) c.header("Link", `<${next}>; rel="next"`);
  return answerRaw(c, `{"detections":[${detections}],"cursor":"${cursor}","next":${JSON.stringify(next)}}`);
};

const answerRaw = (c: Context, text: string): Response =>
  c.body(text, 200, { "Content-Type": "application/json", "Cache-Control": "no-store" });

/** Server-sent events, until the client leaves. */
const stream = async (
  feed: DetectionFeed,
  c: Context<GatewayEnv>,
  framesOf: (entries: readonly JournalEntry[]) => Uint8Array,
  note: (text: string) => void,
): Promise<Response> => {
  requireRoom(feed);
  const { filter, after, perSecond } = await queryOf(feed, c);
  const { incoming, outgoing } = c.env;
  const told = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  };
  if (incoming.method === "HEAD") return c.body(null, 200, told);
  const closed = new AbortController();
  outgoing.on("close", () => closed.abort());
  outgoing.on("error", () => closed.abort());
  outgoing.socket?.setNoDelay(true);
  outgoing.writeHead(200, {
    ...Object.fromEntries(c.res.headers),
    ...told,
  });
  outgoing.write("retry: 1000\n\n");
  const beat = setInterval(() => outgoing.write(": \n\n"), heartbeat);
  const sink = eventSink(outgoing, feed.journal, framesOf);
  const serve = async (): Promise<void> => {
    try {
      await feed.fanOut.serve({ filter, after, perSecond, sink, signal: closed.signal });
    } catch (error) {
      note(`a subscriber was let go: ${messageOf(error)}`);
      outgoing.write(`event: problem\ndata: ${JSON.stringify(problemOf(error))}\n\n`);
    } finally {
      clearInterval(beat);
      outgoing.destroy();
    }
  };
  void serve();
  return RESPONSE_ALREADY_SENT;
};

/** What a client says over its WebSocket: `{"ack": cursor}` moves the cursor that the server keeps for it. */
const readAck = (feed: DetectionFeed, name: string | null, mayChange: boolean, data: unknown): void => {
  const { journal, cursors } = feed;
  if (!mayChange)
    throw new HttpProblem(401, {
      what: "an acknowledgement changes something",
      wanted: "a login",
      got: "none",
      hint: "open the WebSocket with Authorization: Bearer … or the login's cookie",
    });
  const said = JSON.parse(String(data)) as { readonly ack?: unknown };
  const kept = name === null ? null : cursors.get(name);
  if (kept === null || typeof said.ack !== "string")
    throw new HttpProblem(400, {
      what: "a message of the client",
      wanted: '{"ack": cursor}, on a stream with cursor=NAME',
      got: String(data).slice(0, 60),
    });
  const after = parsePosition(journal, said.ack, "ack");
  if (after > kept.after) cursors.put({ ...kept, after });
};

/**
 * `/api/detections`: pages of what is kept, and `/stream`: server-sent events, or a WebSocket, of what lands. A `POST` with the query as JSON is for
 * areas that are too long for an address.
 */
export const detectionsFace = (feed: DetectionFeed, note: (text: string) => void): Face => {
  const framesOf = eventFrames(feed.journal);
  const socketMessageOf = socketMessages(feed.journal);
  return {
    path: "/api/detections",
    title: "detections: pages, server-sent events, WebSocket",
    operations: detectionOperations,
    readingPosts: ["/api/detections", "/api/detections/stream"],
    routes(router) {
      router.on(["GET", "POST"], "/", (c) => page(feed, c));
      router.get("/kept", (c) => {
        const { journal } = feed;
        return answerJson(c, {
          journal: journal.id,
          first: formatPosition(journal, journal.first),
          last: formatPosition(journal, journal.head),
          runs: [...journal.runs].toSorted(),
          classes: [...feed.knownClasses()].toSorted(),
          subscribers: feed.fanOut.subscribers,
        });
      });
      const socket = upgradeWebSocket(async (c) => {
        requireRoom(feed);
        const { filter, after, perSecond, cursor } = await queryOf(feed, c as Context<GatewayEnv>);
        const mayChange = (c as Context<GatewayEnv>).get("isLoggedIn");
        const closed = new AbortController();
        return {
          onOpen(_, client) {
            const raw = client.raw as WebSocket;
            const sink = socketSink(raw, feed.journal, socketMessageOf);
            feed.fanOut.serve({ filter, after, perSecond, sink, signal: closed.signal }).then(
              () => raw.close(),
              (error: unknown) => {
                note(`a subscriber was let go: ${messageOf(error)}`);
                raw.terminate();
              },
            );
          },
          onMessage({ data }, client) {
            try {
              readAck(feed, cursor, mayChange, data);
            } catch (error) {
              if (!isSwathError(error) && !(error instanceof SyntaxError)) throw error;
              client.send(
                JSON.stringify({
                  problem:
                    error instanceof SyntaxError ? { status: 400, detail: "not JSON" } : problemOf(error),
                }),
              );
            }
          },
          onClose: () => closed.abort(),
          onError: () => closed.abort(),
        };
      });
      router.get("/stream", async (c, next) => {
        if (c.req.header("Upgrade")?.toLowerCase() === "websocket")
          return (await socket(c, next)) ?? c.body(null);
        return stream(feed, c, framesOf, note);
      });
      router.post("/stream", (c) => stream(feed, c, framesOf, note));
    },
  };
};
