import { JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import {
  AuthorizationError,
  ClosedConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  PermissionViolationError,
  ProtocolError,
  RequestError,
  TimeoutError,
} from "@nats-io/transport-node";
import { SwathError } from "../errors.ts";

/**
 * What a failure of NATS is to whoever can wait. `passing`: a server restarts, a cluster elects, a line stutters; the same request may succeed
 * later. `lasting`: asked again, the answer is the same.
 */
export type BusFault = "passing" | "lasting";

/**
 * Numbers of the server's errors.json that pass though their status says otherwise: no suitable peers, while a server is away; a consumer that
 * nobody reads from is forgotten, and made again.
 */
const passingCodes: ReadonlySet<number> = new Set([10005, JetStreamApiCodes.ConsumerNotFound]);

/** Limits and settings, whatever status the server gives them. Storage that is full does not empty itself. */
const lastingWords = /resources|maximum|no space|limit|not supported|replicas|not enabled/i;

/** What TLS, and a server of another protocol, say: `busError` has hints for them. */
const wrongPartner =
  /certificate|CERT_|self.signed|unable to verify|altname|wrong version number|packet length|alert|not support|not available|unexpected (?:response|server)|PARSE/i;

const ofApi = (error: JetStreamApiError): BusFault => {
  if (passingCodes.has(error.code)) return "passing";
  if (error.status === 408 || error.status === 409) return "passing";
  return error.status >= 500 && !lastingWords.test(error.message) ? "passing" : "lasting";
};

/** Tells what may pass from what lasts: the one place that knows. */
export const faultOf = (error: unknown): BusFault => {
  if (error instanceof SwathError) return error.cause === undefined ? "lasting" : faultOf(error.cause);
  if (!(error instanceof Error)) return "lasting";
  if (error instanceof NoRespondersError) return "passing";
  if (error instanceof JetStreamApiError) return ofApi(error);
  // Nobody answered, which is also what a cluster says whose JetStream servers are away; or an account that has none said so.
  if (error.name === "JetStreamNotEnabled") return faultOf(error.cause);
  if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) return "lasting";
  if (error instanceof PermissionViolationError) return "lasting";
  // A server that is overloaded lets the time for a login run out.
  if (error instanceof AuthorizationError) return /timeout/i.test(error.message) ? "passing" : "lasting";
  if (error instanceof TimeoutError) return "passing";
  const text = `${error.message} ${(error as NodeJS.ErrnoException).code ?? ""}`;
  if (error instanceof ProtocolError || wrongPartner.test(text)) return "lasting";
  if (error instanceof RequestError && error.cause !== undefined) return faultOf(error.cause);
  // Sockets that break, and what the library makes of them.
  return isOfLine(error, text) ? "passing" : "lasting";
};

const isOfLine = (error: Error, text: string): boolean =>
  /Connection|Status|JetStreamError/.test(error.name) ||
  /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|ECONNABORTED|socket|disconnect|heartbeat|stale|timeout/i.test(
    text,
  );

/** Whether somebody answered, though it was no good answer: silence and refused connections are none. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof JetStreamApiError ||
  (error instanceof Error && error.cause !== undefined && isAnswer(error.cause));

/** Whether a stream's subject was answered by nobody: the stream has no leader at this moment, or is gone. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof NoRespondersError ||
  (error instanceof Error && error.cause !== undefined && isUnanswered(error.cause));
