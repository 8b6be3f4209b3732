import { cleanRuns, listRuns, type Cleaned, type RunOnServer } from "../pipeline/bus/run-listing.ts";
import { connectOnce, type ConnectionValues } from "./inputs/nats-connection.ts";
import type { Seconds } from "../pipeline/units.ts";

export type { Cleaned, RunOnServer };

/** Which server is looked at. */
export type ServerRequest = ConnectionValues & { readonly nats: string };

/** Every start of every run that has something on a NATS server. Throws `SwathError("bus")`. */
export const listKeptRuns = async (server: ServerRequest): Promise<readonly RunOnServer[]> => {
  await using bus = await connectOnce(server, "swath run");
  return await listRuns(bus);
};

/**
 * Removes what killed runs left on a NATS server; with `older` also results to which nothing was added for so long. What lives is never
 * touched. Throws `SwathError("bus")`.
 */
export const cleanKeptRuns = async (server: ServerRequest, older: Seconds | null): Promise<Cleaned> => {
  await using bus = await connectOnce(server, "swath run");
  return await cleanRuns(bus, older, new Date());
};
