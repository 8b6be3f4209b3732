import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import type { Operation } from "./operation.ts";

/** What each request brings along besides itself: Node's own request and response, for who writes to them directly. */
export interface GatewayEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** The client has a valid login: for what changes something although its method is GET, such as a WebSocket's messages. */
    readonly isLoggedIn: boolean;
  };
}

/** Routes of a face; paths begin below the face's own. */
export type FaceRouter = Hono<GatewayEnv>;

/**
 * One side of the gateway: OGC API, STAC, the runs, the page. A face is made from the ports that it needs, in a file of its own
 * here (`export const ogcFace = (archive: DetectionArchive): Face => ({ … })`), and is one line in `studies/serve/faces.ts`, where
 * the ports are.
 *
 * What a face need not do, because the gateway has done it before a route is called: check host, origin and login; bound the body
 * (1 MiB, `c.req.json()` and `c.req.text()` are safe); gzip; turn what is thrown into problem+json. What it does: throw `HttpProblem` or any
 * `SwathError` for what it refuses (`config` is 400, `bus` 503, the rest 500), answer documents by `answerJson` (ETag, 304), hand long bodies over as
 * streams. Server-sent events go to `c.env.outgoing` with `RESPONSE_ALREADY_SENT` as the answer; a WebSocket is
 * `upgradeWebSocket` of `@hono/node-server` on an ordinary route.
 */
export interface Face {
  /** Where its routes begin: `/ogc`, `/api/runs`; `/` is asked last, whatever the order of the faces. */
  readonly path: `/${string}`;
  /** What it is, in a few words: listed at `/api`. */
  readonly title: string;
  readonly routes: (router: FaceRouter) => void;
  /** What `/api/openapi.json` says of its routes; those that `serve` puts on the router are checked by the same values. */
  readonly operations?: readonly Operation[];
  /** Full paths that only read although their method is POST, such as `/stac/search`: on loopback they need no login. */
  readonly readingPosts?: readonly string[];
}
