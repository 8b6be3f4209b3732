import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { Notes } from "../progress.ts";
import { findGateway } from "./live-gateway.ts";
import { openServer } from "./serve.ts";

/** Where a run is watched. */
export interface LiveServer extends AsyncDisposable {
  readonly url: string;
  /** `null`: another gateway at work shows it, and has printed its own. */
  readonly loginUrl: string | null;
}

/** The run that is watched: where it writes, and the NATS that it uses. */
export interface LiveRun {
  readonly out: string;
  readonly nats: string | null;
  readonly creds: string | null;
}

const usualPort = 4280;

/**
 * Starts a gateway beside a run, for this machine alone: on the usual port, or on any where that is taken. A gateway that serves the folder already shows
 * the run too. Throws `SwathError` as `openServer` does.
 */
export const openLiveServer = async ({ out, nats, creds }: LiveRun, notes: Notes): Promise<LiveServer> => {
  const request = { host: "127.0.0.1", runs: out, nats, creds, origins: [], loginValid: null };
  try {
    return await openServer({ ...request, port: usualPort }, notes);
  } catch (error) {
    if (error instanceof SwathError && error.parts.field === "port")
      return openServer({ ...request, port: 0 }, notes);
    const other = isSwathError(error, "storage") ? findGateway(out) : null;
    if (other === null) throw error;
    return { url: other.url, loginUrl: null, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
};
