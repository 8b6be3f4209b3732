import { signal, type Signal } from "@preact/signals";

/** An answer of the server that was a refusal: what its problem document says. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.name = "Refusal";
    this.status = status;
  }
}

/** Whether the server refused for want of a login. */
export const wantsLogin = (error: unknown): boolean => error instanceof Refusal && error.status === 401;

const refusalOf = async (response: Response): Promise<Refusal> => {
  const text = await response.text();
  let detail = text.slice(0, 200);
  try {
    const problem = JSON.parse(text) as { readonly detail?: string };
    detail = problem.detail ?? detail;
  } catch (error) {
    // Something between us and the server answered: its own words must do.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return new Refusal(response.status, detail === "" ? `the server answers ${response.status}` : detail);
};

/** Whether the server refused to let the page read: its login has run out, or it had none. */
export const readingWantsLogin: Signal<boolean> = signal(false);

const askFor = async (path: string, init?: RequestInit): Promise<Response> => {
  const response = await fetch(path, { credentials: "same-origin", ...init });
  // What changes something wants a login on this machine, too: that one is said where it is asked for.
  if (init?.method === undefined && response.status === 401) readingWantsLogin.value = true;
  if (!response.ok) throw await refusalOf(response);
  return response;
};

/** Asks for nothing in particular: whether the server lets the page read. Throws `TypeError` where it cannot be reached. */
export const mayRead = async (): Promise<boolean> => {
  const { status } = await fetch("/api", { credentials: "same-origin", cache: "no-store" });
  if (status === 401) readingWantsLogin.value = true;
  return status !== 401;
};

/** The token of a login link, or what was given for one. */
export const tokenIn = (given: string): string => {
  const text = given.trim();
  return (URL.canParse(text) ? new URL(text).searchParams.get("token") : null) ?? text;
};

/** Logs in by a link that `swath serve` printed, or its token. Throws `Refusal` where it does not hold. */
export const logIn = async (given: string): Promise<void> => {
  await askFor(`/login?token=${encodeURIComponent(tokenIn(given))}`);
};

/** A document of the API. Throws `Refusal` for what it refuses, `TypeError` where it cannot be reached. */
export const askJson = async (path: string, signal?: AbortSignal): Promise<unknown> =>
  (await askFor(path, signal === undefined ? {} : { signal })).json();

/** A file of the API. */
export const askBytes = async (path: string, signal?: AbortSignal): Promise<Uint8Array> =>
  new Uint8Array(await (await askFor(path, signal === undefined ? {} : { signal })).arrayBuffer());

const sendAs =
  (method: "POST" | "PUT") =>
  async (path: string, body: unknown): Promise<unknown> =>
    (
      await askFor(path, {
        method,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      })
    ).json();

/** Sends a document; gives what comes back. Throws as `askJson` does. */
export const sendJson = sendAs("POST");

/** Puts a document in its place; gives what comes back. Throws as `askJson` does. */
export const putJson = sendAs("PUT");
