import { createHash } from "node:crypto";
import { findLease } from "../../pipeline/bus/run-lease.ts";
import { joinRun } from "../../pipeline/bus/run-bus.ts";
import { listRuns } from "../../pipeline/bus/run-listing.ts";
import { findInState } from "../../pipeline/bus/run-state.ts";
import {
  busRunOf,
  commandRunOf,
  groundSubject,
  missionControlName,
  planKey,
} from "../../pipeline/bus/subjects.ts";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { someOf } from "../../pipeline/format.ts";
import { readRunPlan } from "../../pipeline/mission/run-plan-schema.ts";
import { encodeGroundMessage } from "../../stations/receive/ground-message.ts";
import { runsThere } from "../engine/run-search.ts";
import { connectOnce, type ConnectionValues } from "../inputs/nats-connection.ts";
import { guardOf } from "../keys/node-keys.ts";
import { openControlKeys } from "../keys/node-buses.ts";
import type { OrderEntry } from "./make-order.ts";

const failed = (what: string, got: string, hint: string): SwathError =>
  new SwathError("bus", { what, got, hint, field: "run" });

/** The part of a run that is at work under a name: `live` is the only one that takes orders there. */
const findWorking = async (bus: Bus, name: string): Promise<string> => {
  const working = (await listRuns(bus)).filter(({ state }) => state === "running");
  const parts = working.flatMap(({ parts: own }) => own.filter((part) => part !== commandRunOf(part)));
  const found = parts.filter((part) => name === "live" || part === name || commandRunOf(part) === name);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const hint = "start one with swath replay … --nats URL --commanded --speed 60";
  if (only === undefined)
    throw failed(
      `no run ${name === "live" ? "is at work" : `${name} is at work`} on NATS at ${bus.address}`,
      await runsThere(bus),
      hint,
    );
  throw failed(`run ${name} is not one run`, someOf(found), "name one of them with --run");
};

/**
 * Gives an order to a run that is at work, through its own stream, and says which run it was. Throws `SwathError("bus")` where there is none, or where it takes no orders.
 */
export const giveOrder = async (
  entry: OrderEntry,
  name: string,
  server: ConnectionValues & { readonly nats: string },
): Promise<string> => {
  const control = server.keys === null ? null : openControlKeys(server.keys);
  const more = control === null ? {} : { guard: guardOf(control, () => undefined) };
  await using bus = await connectOnce(server, "swath command", more);
  const part = await findWorking(bus, name);
  const lease = await findLease(bus, part);
  if (lease === null) throw failed(`run ${part} is over`, "no lease", "start it again");
  const busRun = busRunOf(part, lease.incarnation);
  const written = await findInState(bus, busRun, planKey);
  const plan = written === null ? null : readRunPlan(part, written);
  if (plan?.orders?.open !== true)
    throw failed(`run ${part} takes no orders`, "a run without --commanded", "start it with --commanded");
  await using run = await joinRun(bus, busRun);
  const message = encodeGroundMessage({ kind: "order", entry });
  // The same order given twice is given once; another one of its id is refused by the centre.
  const content = createHash("sha256").update(message).digest("hex").slice(0, 16);
  await run.publish(groundSubject(busRun, missionControlName), message, `order.${content}`);
  await run.flush();
  return part;
};
