import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { instant } from "../../pipeline/units.ts";
import type { GatewayEnv } from "./face.ts";
import { checkToken, loginCookie } from "./login.ts";
import { HttpProblem } from "./problem.ts";

/** Who may do what. */
export interface AccessRules {
  /** Tokens are signed with it. */
  readonly secret: Uint8Array;
  /** Only programs of this machine reach the server: what only reads needs no login. */
  readonly isLoopback: boolean;
  /** Names by which the server may be called, without port, lower case; `null`: any, since everything needs a login there. */
  readonly hosts: readonly string[] | null;
  /** Foreign origins whose pages may ask: `https://map.example`. */
  readonly origins: readonly string[];
  /** Paths that only read although their method is POST. */
  readonly readingPosts: readonly string[];
}

/** Names of this machine for itself. */
export const loopbackHosts: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Whether a server that listens there is reached from this machine alone. */
export const isLoopbackHost = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);

const withoutPort = (host: string): string => host.toLowerCase().replace(/:\d+$/, "");

/** A page of another site that resolves its own name to 127.0.0.1 still calls us by that name. */
const requireHost = (host: string, { hosts }: AccessRules): void => {
  if (hosts === null || hosts.includes(withoutPort(host))) return;
  throw new HttpProblem(421, {
    what: "this server has another name",
    wanted: `a Host of ${hosts.join(", ")}`,
    got: `"${host}"`,
  });
};

/** A page sends its origin along; programs send none. */
const requireOrigin = (origin: string | undefined, host: string, { origins }: AccessRules): void => {
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return;
  if (origins.includes(origin)) return;
  throw new HttpProblem(403, {
    what: "a page of another origin asked",
    wanted: [`http://${host}`, ...origins].join(", "),
    got: origin,
    hint: "swath serve --cors ORIGIN lets one in",
  });
};

const tokenOf = (c: Context): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1] ?? getCookie(c, loginCookie);

const challenge = { "WWW-Authenticate": 'Bearer realm="swath"' };

const isLoggedIn = (c: Context, { secret }: AccessRules): boolean => {
  const token = tokenOf(c);
  return token !== undefined && checkToken(secret, token, instant(Date.now() / 1000)) === "valid";
};

const requireLogin = (c: Context, { secret, isLoopback }: AccessRules): void => {
  const token = tokenOf(c);
  const hint = "swath serve prints a login link; programs send its token as Authorization: Bearer …";
  if (token === undefined) {
    const what = isLoopback ? `${c.req.method} changes something` : "this server is not for everybody";
    throw new HttpProblem(401, { what, wanted: "a login", got: "none", hint }, challenge);
  }
  const state = checkToken(secret, token, instant(Date.now() / 1000));
  if (state === "valid") return;
  const got = state === "unknown" ? "one of another server" : `one that ran out at ${state.ranOutAt}`;
  throw new HttpProblem(
    401,
    { what: "the login does not hold", wanted: "a valid token", got, hint },
    challenge,
  );
};

/** Checks host, origin and login of every request; throws `HttpProblem`. */
export const access =
  (rules: AccessRules): MiddlewareHandler<GatewayEnv> =>
  async (c, next) => {
    const host = c.req.header("Host") ?? "";
    requireHost(host, rules);
    requireOrigin(c.req.header("Origin"), host, rules);
    c.set("isLoggedIn", isLoggedIn(c, rules));
    const reads =
      ["GET", "HEAD", "OPTIONS"].includes(c.req.method) || rules.readingPosts.includes(c.req.path);
    if (!(reads && rules.isLoopback) && c.req.path !== "/login") requireLogin(c, rules);
    await next();
  };
