import { type AddressInfo } from "node:net";
import type { Server } from "node:http";
import { createAdaptorServer, type WebSocketServerLike } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { setCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { WebSocketServer } from "ws";
import { isSwathError, messageOf, SwathError } from "../../pipeline/errors.ts";
import { bytes, instant, seconds, type Bytes, type Seconds } from "../../pipeline/units.ts";
import { access, type AccessRules, isLoopbackHost, loopbackHosts } from "./access.ts";
import { answerJson } from "./answer.ts";
import type { Face, GatewayEnv } from "./face.ts";
import { checkToken, issueToken, loginCookie } from "./login.ts";
import { openApiDocument, openApiType } from "./open-api.ts";
import { answerProblem, HttpProblem } from "./problem.ts";

/** Longest body of a request: a polygon of some ten thousand points. */
export const longestBody: Bytes = bytes(1024 * 1024);

/** What a gateway is made of. */
export interface GatewayOptions {
  /** Address to listen on. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly faces: readonly Face[];
  /** Signs login tokens; the same after a restart, so that tokens outlive one. */
  readonly secret: Uint8Array;
  readonly loginValid: Seconds;
  /** Foreign origins whose pages may ask; none: no CORS. */
  readonly origins: readonly string[];
  /** Told of every fault that is ours. */
  readonly note: (text: string) => void;
}

/** What lets somebody in. */
export interface Login {
  readonly token: string;
  /** Opened in a browser, it logs in. */
  readonly loginUrl: string;
}

/** A server at work. Dispose of it to stop it: whoever still listens is cut off. */
export interface Gateway extends Login, AsyncDisposable {
  /** `http://127.0.0.1:4280`, without a slash at the end. */
  readonly url: string;
  /** A login that holds as long again, from now on. */
  readonly newLogin: () => Login;
}

/** Sets the cookie and leads to the page: the token does not stay in the address bar. */
const login = (app: Hono<GatewayEnv>, { secret, loginValid }: GatewayOptions): void => {
  app.get("/login", (c) => {
    const token = c.req.query("token") ?? "";
    const state = checkToken(secret, token, instant(Date.now() / 1000));
    if (state !== "valid") {
      throw new HttpProblem(401, {
        what: "the login link does not hold",
        wanted: "the link that swath serve printed last",
        got: state === "unknown" ? "another" : `one that ran out at ${state.ranOutAt}`,
      });
    }
    setCookie(c, loginCookie, token, { path: "/", httpOnly: true, sameSite: "Strict", maxAge: loginValid });
    c.header("Cache-Control", "no-store");
    c.header("Referrer-Policy", "no-referrer");
    return c.redirect("/", 303);
  });
};

const securityHeaders = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
} as const;

/** The whole of the gateway as a function from request to response, without a socket: what tests ask. Throws nothing. */
export const gatewayApp = (options: GatewayOptions, rules: AccessRules): Hono<GatewayEnv> => {
  const { faces, origins, note } = options;
  const app = new Hono<GatewayEnv>();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!c.res.headers.has(name)) c.header(name, value);
    }
  });
  if (origins.length > 0)
    app.use(cors({ origin: [...origins], credentials: true, exposeHeaders: ["ETag", "Link"] }));
  app.use(access(rules));
  app.use(compress());
  app.use(
    bodyLimit({
      maxSize: longestBody,
      onError: () => {
        throw new HttpProblem(413, { what: "the body is too long", wanted: `at most ${longestBody} bytes` });
      },
    }),
  );
  app.onError((error, c) => {
    if (!isSwathError(error)) note(`${c.req.method} ${c.req.path}: ${error.stack ?? messageOf(error)}`);
    return answerProblem(c, error);
  });
  app.notFound((c) =>
    answerProblem(
      c,
      new HttpProblem(404, {
        what: `nothing at ${c.req.method} ${c.req.path}`,
        hint: "GET /api lists what there is",
      }),
    ),
  );
  login(app, options);
  app.get("/api", (c) =>
    answerJson(c, {
      title: "Swath",
      openapi: "/api/openapi.json",
      faces: faces.map(({ path, title }) => ({ path, title })),
    }),
  );
  app.get("/api/openapi.json", (c) =>
    answerJson(c, openApiDocument(faces, app.routes, new URL(c.req.url).origin), { type: openApiType }),
  );
  // The longest path first, so that a page at `/` sees only what nobody else takes.
  for (const face of faces.toSorted((a, b) => b.path.length - a.path.length)) {
    const router = new Hono<GatewayEnv>();
    face.routes(router);
    app.route(face.path, router);
  }
  return app;
};

const listen = (server: Server, host: string, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(server.address() as AddressInfo);
    });
  });

const listenError = (host: string, port: number, cause: unknown): SwathError => {
  const { code } = cause as NodeJS.ErrnoException;
  const got = code === "EADDRINUSE" ? "a port that is taken" : messageOf(cause);
  return new SwathError("config", {
    what: `cannot listen on ${host}:${port}`,
    wanted: "a free port on an address of this machine",
    got,
    hint: "choose with --port and --host; --port 0 takes any",
    field: "port",
    cause,
  });
};

/** Starts the server. Throws `SwathError("config")` where it cannot listen. */
export const openGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { host, port, faces, secret, loginValid, origins } = options;
  const isLoopback = isLoopbackHost(host);
  const app = gatewayApp(options, {
    secret,
    isLoopback,
    hosts: isLoopback ? [...new Set([...loopbackHosts, host])] : null,
    origins,
    readingPosts: faces.flatMap(({ readingPosts = [] }) => readingPosts),
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestBody });
  const server = createAdaptorServer({
    fetch: app.fetch,
    websocket: { server: sockets as WebSocketServerLike },
  }) as Server;
  server.maxRequestsPerSocket = 0;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  let address: AddressInfo;
  try {
    address = await listen(server, host, port);
  } catch (cause) {
    sockets.close();
    throw listenError(host, port, cause);
  }
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address;
  const url = `http://${shown}:${address.port}`;
  const newLogin = (): Login => {
    const token = issueToken(secret, instant(Date.now() / 1000), loginValid);
    return { token, loginUrl: `${url}/login?token=${token}` };
  };
  return {
    url,
    ...newLogin(),
    newLogin,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};

/** How long a login holds unless said otherwise. */
export const usualLogin: Seconds = seconds(12 * 3600);
