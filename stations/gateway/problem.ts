import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type ErrorParts, isSwathError, SwathError } from "../../pipeline/errors.ts";

/** What a request is refused with: an error that knows its status. Throw it anywhere in a face. */
export class HttpProblem extends SwathError {
  readonly status: ContentfulStatusCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    parts: ErrorParts,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super("config", parts);
    this.name = `HttpProblem(${status})`;
    this.status = status;
    this.headers = headers;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Login wanted",
  403: "Refused",
  404: "Not found",
  405: "Method not allowed",
  406: "Not acceptable",
  409: "Conflict",
  410: "Gone",
  413: "Too large",
  415: "Unsupported media type",
  421: "Wrong host",
  422: "Cannot be processed",
  429: "Too many requests",
  500: "Failed",
  503: "Not available",
};

/** A document of RFC 9457. `what`, `wanted`, `got`, `hint` and `field` are the parts of `detail`, where there are any. */
export interface ProblemDocument {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: ContentfulStatusCode;
  readonly detail: string;
  readonly what?: string;
  readonly wanted?: string;
  readonly got?: string;
  readonly hint?: string;
  readonly field?: string;
}

const statusOf = (error: SwathError): ContentfulStatusCode => {
  if (error instanceof HttpProblem) return error.status;
  if (error.tag === "config") return 400;
  return error.tag === "bus" ? 503 : 500;
};

/** What a client is told of anything thrown. A fault of our own says no more than that it is one: the rest is for the log. */
export const problemOf = (error: unknown): ProblemDocument => {
  if (!isSwathError(error)) {
    const detail = "this is a bug of Swath: the terminal of swath serve has more of it";
    return { type: "about:blank", title: "Failed", status: 500, detail };
  }
  const status = statusOf(error);
  const { what, wanted, got, hint, field } = error.parts;
  return {
    type: "about:blank",
    title: titles[status] ?? "Failed",
    status,
    detail: error.message,
    what,
    ...(wanted === undefined ? {} : { wanted }),
    ...(got === undefined ? {} : { got }),
    ...(hint === undefined ? {} : { hint }),
    ...(field === undefined ? {} : { field }),
  };
};

/** The answer to a request that failed: `application/problem+json`. */
export const answerProblem = (c: Context, error: unknown): Response => {
  const document = problemOf(error);
  const headers = error instanceof HttpProblem ? error.headers : {};
  return c.body(`${JSON.stringify(document)}\n`, document.status, {
    ...headers,
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
  });
};
