import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Bus, BusOptions } from "../../pipeline/bus/connection.ts";
import { joinRun, type RunBus } from "../../pipeline/bus/run-bus.ts";
import { deriveLinkKey } from "../../pipeline/keys/key-file.ts";
import { orderVerifier, signOrder } from "../../pipeline/keys/order-signature.ts";
import type { OrderRefusal } from "../../pipeline/orders/order-answer.ts";
import type { Order } from "../../pipeline/orders/order.ts";
import type { Role } from "../../pipeline/keys/roles.ts";
import { centreName, type LinkKeys, type LinkSecurity } from "../../pipeline/link/security/link-security.ts";
import { reservedNumbers, type SequenceNumbers } from "../../pipeline/link/security/sequence.ts";
import type { OnRefused } from "../../pipeline/mission/refusal.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import {
  guardOf,
  keyNameOf,
  linkSecurityOf,
  loginOf,
  openNodeKeys,
  requireRole,
  type NodeKeys,
} from "./node-keys.ts";

/** How a node gets onto the bus: under which name, with which key, and what it signs and checks. */
export type NodeLogin = Pick<BusOptions, "name" | "nkey" | "inboxPrefix" | "guard">;

/** The nodes of a run that live in the process of its command: each with its own way onto the bus, and its own keys. */
export interface NodeBuses {
  /** The way of one node into a run that `run` is open to; dispose of it when the node is done. */
  readonly join: (role: Role, name: string, run: RunBus, onRefused: OnRefused) => Promise<RunBus>;
  /** How links are protected, as that node knows it; `null`: not. */
  readonly security: (role: Role, name: string, plan: RunPlan, busRun: string) => LinkSecurity | null;
  /** How that node checks the signatures of orders. */
  readonly verifyOrder: (role: Role, name: string) => (order: Order) => OrderRefusal | null;
  /** How mission control signs an order that it stands behind; as it is where nobody signs. */
  readonly signOrder: <One extends Order>(order: One) => One;
}

/** Keys that nobody else has and that end with the process: for a run that stays in it. */
const ownLinkKeys = (): LinkKeys => {
  const master = new Uint8Array(randomBytes(32));
  const senders = new Map<string, SequenceNumbers>();
  return {
    keysOf: (satellite) => [deriveLinkKey(master, satellite, 1)],
    numbersOf: (sender) => {
      let block = 0;
      const numbers = senders.get(sender) ?? reservedNumbers(sender, () => block++);
      senders.set(sender, numbers);
      return numbers;
    },
  };
};

/** Without keys: all nodes share the command's connection. Links that are to be protected are so with keys of the process. */
export const sharedBuses = (isExternal: boolean): NodeBuses => {
  const keys = ownLinkKeys();
  return {
    join: async (_role, _name, run) => ({ ...run, [Symbol.asyncDispose]: async () => undefined }),
    security: (_role, _name, plan, busRun) => {
      // Nodes of other processes would not know them.
      if (plan.protection === "none" || isExternal) return linkSecurityOf(null, plan, busRun);
      const grounds = [centreName, ...plan.stations.map(({ id }) => id)];
      return { ...keys, protection: plan.protection, run: busRun, grounds };
    },
    // Without keys nobody signs.
    verifyOrder: () => () => null,
    signOrder: (order) => order,
  };
};

/** The keys of mission control in a folder of keys. Throws `SwathError("config")`. */
export const openControlKeys = (folder: string): NodeKeys => {
  const keys = openNodeKeys(join(folder, "mission-control.nk"));
  requireRole(keys, "mission-control", "mission-control");
  return keys;
};

/**
 * With a folder of keys: every node logs in with its own key, signs with it, and reads nothing that is not signed by whom it must be. `connect` opens a
 * connection of that name; on a server of our own it takes no login.
 */
export const keyedBuses = (folder: string, connect: (login: NodeLogin) => Promise<Bus>): NodeBuses => {
  const known = new Map<string, NodeKeys>();
  const keysOf = (role: Role, name: string): NodeKeys => {
    const file = keyNameOf(role, name);
    const keys = known.get(file) ?? openNodeKeys(join(folder, `${file}.nk`));
    known.set(file, keys);
    requireRole(keys, role, file);
    return keys;
  };
  return {
    async join(role, name, run, onRefused) {
      const keys = keysOf(role, name);
      const bus = await connect({
        name: `swath ${role} ${name}`,
        ...loginOf(keys),
        guard: guardOf(keys, onRefused),
      });
      try {
        const joined = await joinRun(bus, run.run);
        return {
          ...joined,
          async [Symbol.asyncDispose]() {
            await joined[Symbol.asyncDispose]();
            await bus[Symbol.asyncDispose]();
          },
        };
      } catch (error) {
        await bus[Symbol.asyncDispose]();
        throw error;
      }
    },
    security: (role, name, plan, busRun) => linkSecurityOf(keysOf(role, name), plan, busRun),
    verifyOrder: (role, name) => orderVerifier(keysOf(role, name).trust),
    signOrder(order) {
      const { file } = openControlKeys(folder);
      return signOrder(order, file.name, file.signing);
    },
  };
};
