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
import { signOrder } from "../../pipeline/keys/order-signature.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { refusalError } from "../../pipeline/orders/order-answer.ts";
import { orderEntry, readOrders } from "../../pipeline/orders/order-reading.ts";
import { instant } from "../../pipeline/units.ts";
import { readRunPlan } from "../../pipeline/mission/run-plan-schema.ts";
import { encodeGroundMessage } from "../../stations/receive/ground-message.ts";
import { runsThere } from "../engine/run-search.ts";
import { connectOnce, type ConnectionValues } from "../inputs/nats-connection.ts";
import { guardOf, type NodeKeys } from "../keys/node-keys.ts";
import { openControlKeys } from "../keys/node-buses.ts";
import { missionSigners, noUpdates } from "../updates/board-models.ts";
import { readUpdateModel } from "../updates/model-update.ts";
import { expandUpdates } from "../updates/order-updates.ts";
import { requireDate, type OrderEntry } from "./make-order.ts";

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

/** A run at work that takes orders. */
interface OpenRun {
  /** Its name. */
  readonly part: string;
  readonly plan: RunPlan;
  /** Seconds since it began, by the clock. */
  readonly age: number;
  /** Puts orders into the run's own stream, one behind the other. */
  readonly give: (entries: readonly OrderEntry[]) => Promise<void>;
  /** Mission control's; `null`: nobody signs. */
  readonly control: NodeKeys | null;
}

/** The server that a run is at work on. */
type RunServer = ConnectionValues & { readonly nats: string };

const inRun = async <T>(name: string, server: RunServer, work: (run: OpenRun) => Promise<T>): Promise<T> => {
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
  const give = async (entries: readonly OrderEntry[]): Promise<void> => {
    for (const entry of entries) {
      const message = encodeGroundMessage({ kind: "order", entry });
      // The same order given twice is given once; another one of its id is refused by the centre.
      const content = createHash("sha256").update(message).digest("hex").slice(0, 16);
      await run.publish(groundSubject(busRun, missionControlName), message, `order.${content}`);
    }
    await run.flush();
  };
  return await work({ part, plan, age: (Date.now() - Date.parse(lease.since)) / 1000, give, control });
};

/**
 * Gives an order to a run that is at work, through its own stream, and says which run it was. Throws `SwathError("bus")` where there is none, or where it takes no orders.
 */
export const giveOrder = (entry: OrderEntry, name: string, server: RunServer): Promise<string> =>
  inRun(name, server, async ({ part, give }) => {
    await give([entry]);
    return part;
  });

/**
 * The same for what `askInstall` and `askActivate` ask for: the order and its pieces are made here, from the model that the run's satellites were
 * launched with. They are numbered by the run's age, so that nobody need know what others have ordered meanwhile: one a second. Throws
 * `SwathError("config")` for what the mission refuses.
 */
export const giveModelOrder = (entry: OrderEntry, name: string, server: RunServer): Promise<string> =>
  inRun(name, server, async ({ part, plan, age, give, control }) => {
    const planned = (plan.orders?.planned ?? []).filter(({ order }) => order.kind.startsWith("model-"));
    const expanded = await expandUpdates(
      { orders: [entry] },
      {
        launched: await readUpdateModel(plan.model),
        signers: missionSigners(server.keys, plan.seed),
        satellites: plan.satellites,
        // What is to be labelled must be known before the mission.
        acquisitions: [],
        labels: new Map(),
        verify: () => null,
        refusal: noUpdates(plan.workloads ?? null, [plan.policy]),
        before: {
          sequence: planned.length + Math.max(0, Math.floor(age)),
          models: new Map(
            planned.flatMap(({ order }) =>
              order.kind === "model-install" ? [[order.id, order.body] as const] : [],
            ),
          ),
        },
      },
    );
    const [refused] = expanded.refused;
    if (refused !== undefined) throw refusalError(refused);
    if (expanded.after.size > 0)
      throw refusalError({
        id: `${entry["id"]}`,
        field: "then",
        wanted: "orders of the mission's file",
        got: "a run at work, which sends each order up by itself",
      });
    const entries = expanded.value as readonly OrderEntry[];
    await give(control === null ? entries : entries.map((one) => signedEntry(one, control)));
    return part;
  });

/** An order with the signature of mission control. */
const signedEntry = (entry: OrderEntry, { file: { name, signing } }: NodeKeys): OrderEntry => {
  requireDate(entry);
  const [order] = readOrders([entry], instant(0)).orders;
  if (order === undefined) throw new RangeError("an order that was made of a request is read");
  return orderEntry(signOrder(order, name, signing));
};
