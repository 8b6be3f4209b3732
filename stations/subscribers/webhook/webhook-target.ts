import { lookup as resolve } from "node:dns/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isSwathError, messageOf, SwathError } from "../../../pipeline/errors.ts";
import { isInnerAddress, isLoopbackAddress } from "../../../pipeline/inner-host.ts";

/** Which addresses a webhook may have. */
export interface TargetRules {
  /** The gateway serves this machine alone: whoever may ask it is on this machine too. */
  readonly loopback: boolean;
  /** Its owner said so. */
  readonly inner: boolean;
}

const wantedAddress = ({ loopback }: TargetRules): string =>
  `a public address${loopback ? " or one of this machine" : ""}`;

const mayReach = (address: string, { loopback, inner }: TargetRules): boolean =>
  inner || !isInnerAddress(address) || (loopback && isLoopbackAddress(address));

const refuseAddress = (host: string, address: string, rules: TargetRules): SwathError =>
  new SwathError("config", {
    what: `the webhook leads into an inner network (${host})`,
    wanted: wantedAddress(rules),
    got: address,
    hint: "--allow-private lets it",
    field: "webhook",
  });

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

/**
 * Reads the address of a webhook and looks where it leads. Throws `SwathError("config")` for other schemes than http and https, for credentials
 * in it, and for inner addresses. A name that does not resolve now may do so later.
 */
export const readTarget = async (text: string, rules: TargetRules): Promise<URL> => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new SwathError("config", {
      what: "the webhook",
      wanted: "https://… or http://…",
      got: `"${text.slice(0, 80).replace(/\/\/[^/]*@/, "//…@")}"`,
      field: "webhook",
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new SwathError("config", {
      what: "the webhook",
      wanted: "an address without user and password",
      got: "one with them",
      hint: "its signature says who calls: --secret-file",
      field: "webhook",
    });
  }
  const host = hostOf(url);
  const addresses =
    isIP(host) === 0 ? await resolve(host, { all: true }).catch(() => []) : [{ address: host }];
  const inner = addresses.find(({ address }) => !mayReach(address, rules));
  if (inner !== undefined) throw refuseAddress(host, inner.address, rules);
  return url;
};

/** What a receiver said. */
export interface WebhookAnswer {
  readonly status: number;
  /** Seconds that it asks to wait, or `null`. */
  readonly retryAfterSeconds: number | null;
}

/** Hands a body to a receiver. Throws an error that says why it could not. */
export type PostWebhook = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<WebhookAnswer>;

/** How long a receiver may take for its answer; ms. */
const patience = 10_000;

/** What is connected to is what was looked at: a name that resolves otherwise a moment later leads nowhere else. */
const checkedLookup =
  (rules: TargetRules): LookupFunction =>
  (host, options, done) => {
    resolve(host, { all: true }).then(
      (addresses) => {
        const refused = addresses.find(({ address }) => !mayReach(address, rules));
        if (refused !== undefined) done(refuseAddress(host, refused.address, rules), "", 0);
        else if (options.all === true) done(null, addresses);
        else done(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 0);
      },
      (error: NodeJS.ErrnoException) => done(error, "", 0),
    );
  };

/** Posts over HTTP. Redirects are not followed: they count as failed. */
export const postWebhook =
  (rules: TargetRules): PostWebhook =>
  (url, headers, body, signal) =>
    new Promise((resolveAnswer, reject) => {
      const host = hostOf(url);
      if (isIP(host) !== 0 && !mayReach(host, rules)) {
        reject(refuseAddress(host, host, rules));
        return;
      }
      const send = url.protocol === "https:" ? requestHttps : requestHttp;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      const call = send(
        url,
        {
          method: "POST",
          headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
          lookup: checkedLookup(rules),
          signal: limit,
        },
        (response) => {
          const after = Number(response.headers["retry-after"]);
          resolveAnswer({
            status: response.statusCode ?? 0,
            retryAfterSeconds: Number.isFinite(after) && after >= 0 ? after : null,
          });
          response.destroy(); // What else it says is of no interest, however long.
        },
      );
      call.on("error", (error) => {
        if (signal.aborted) reject(signal.reason as Error);
        else if (limit.aborted) reject(new Error(`no answer within ${patience / 1000} s`));
        else reject(isSwathError(error) ? error : new Error(messageOf(error)));
      });
      call.end(body);
    });
