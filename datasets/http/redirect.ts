import type { IncomingMessage } from "node:http";
import { SwathError } from "../../pipeline/errors.ts";
import type { Ask } from "./exchange.ts";

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** `user:password@` of a URL, as a header. */
const authorization = ({ username, password }: URL): Readonly<Record<string, string>> =>
  username === ""
    ? {}
    : {
        authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`,
      };

/** The headers of a request; what proves who asks stays with the server that it was meant for. */
export const headersFor = (start: URL, url: URL, { headers, body }: Ask): Record<string, string> => ({
  "user-agent": "swath",
  "accept-encoding": "identity",
  ...(body === undefined
    ? {}
    : { "content-type": "application/json", "content-length": `${Buffer.byteLength(body)}` }),
  ...headers?.(),
  ...(start.origin === url.origin ? authorization(start) : {}),
});

/**
 * Where an answer sends us; `null` when it is no redirect. Throws `SwathError` when there are too many, when they leave
 * the web or turn from https to http, and for a POST that would become a GET.
 */
export const nextHop = (
  from: URL,
  { statusCode = 0, headers }: IncomingMessage,
  { name, tag, method = "GET" }: Ask,
  hops: number,
  most: number,
): URL | null => {
  if (!redirects.has(statusCode)) return null;
  const refuse = (got: string): SwathError => new SwathError(tag, { what: `${name} cannot be fetched`, got });
  if (hops >= most) throw refuse(`more than ${most} redirects`);
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, from.href)) throw refuse("a redirect to nowhere");
  const to = new URL(location, from);
  if (to.protocol !== "https:" && to.protocol !== "http:") throw refuse(`a redirect to ${to.protocol}`);
  if (from.protocol === "https:" && to.protocol === "http:") throw refuse("a redirect from https to http");
  if (method === "POST" && statusCode < 307) throw refuse(`a redirect of a POST by HTTP ${statusCode}`);
  return to;
};
