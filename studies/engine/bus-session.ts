import { connectBus, type Bus } from "../../pipeline/bus/connection.ts";
import { startNatsServer } from "../../pipeline/bus/server.ts";
import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import { connectOnce, connectTo, type ConnectionValues, type Waiting } from "../inputs/nats-connection.ts";
import type { OnRefused } from "../../pipeline/mission/refusal.ts";
import { guardOf, loginOf } from "../keys/node-keys.ts";
import {
  keyedBuses,
  openControlKeys,
  sharedBuses,
  type NodeBuses,
  type NodeLogin,
} from "../keys/node-buses.ts";
import { announceServer } from "./live-server.ts";

/** A connection to the user's NATS, or to a server of our own that ends with the session. */
export interface BusSession extends AsyncDisposable {
  readonly bus: Bus;
  /** How the nodes that live in this process get onto the bus. */
  readonly nodes: NodeBuses;
  /** Does `work`; a server of our own that stops to answer has no room to write, and then that is said. */
  readonly guard: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Which NATS server a study uses: the user's, or one of our own where `nats` is `null`. */
export interface BusPlace extends Partial<ConnectionValues> {
  readonly nats: string | null;
  /** Satellites and stations run elsewhere. */
  readonly external?: boolean;
  /** Where a server of our own is announced, so that `swath subscribe` finds it; `null`: nowhere. */
  readonly announceIn: string | null;
}

const outOfRoom =
  "the private server keeps its data in the temporary folder (TMPDIR): see that there is room";

/** Opens a session. Throws `SwathError("bus")` when no server answers, or none can be started. */
export const openBusSession = async (
  place: BusPlace,
  ports: {
    /** `null`: what fails is told at once. */
    readonly waiting: Waiting | null;
    readonly onRefused: OnRefused;
  },
): Promise<BusSession> => {
  const { waiting, onRefused } = ports;
  const { nats, keys = null, external = false, announceIn } = place;
  const control = keys === null ? null : openControlKeys(keys);
  const server = nats === null ? await startNatsServer() : null;
  const open: AsyncDisposable[] = server === null ? [] : [server];
  /** Connections to a server of our own: it goes with all that it keeps, and one without room does not answer. Nobody waits for it. */
  const toOwn: Bus[] = [];
  const hangUp = async (): Promise<void> => {
    for (const one of toOwn) await one.connection.close();
  };
  server?.full.addEventListener("abort", () => void hangUp(), { once: true });
  // The last that was opened is closed first: nodes finish what they are at, then the server ends.
  const close = async (): Promise<void> => {
    for (let one = open.pop(); one !== undefined; one = open.pop()) await one[Symbol.asyncDispose]();
  };
  try {
    // A server of our own takes no login but its token: what is said is signed all the same.
    const connect = async ({ name, nkey, inboxPrefix, guard }: NodeLogin): Promise<Bus> => {
      const more = {
        ...(nkey === undefined || server !== null ? {} : { nkey }),
        ...(inboxPrefix === undefined || server !== null ? {} : { inboxPrefix }),
        ...(guard === undefined ? {} : { guard }),
      };
      if (server !== null) {
        const own = await connectBus({ url: server.url, name, ...more });
        toOwn.push(own);
        return own;
      }
      const there = { ...place, nats: nats ?? "" };
      return waiting === null ? connectOnce(there, name, more) : connectTo(there, name, waiting, more);
    };
    const bus = await connect({
      name: "swath",
      ...(control === null ? {} : { ...loginOf(control), guard: guardOf(control, onRefused) }),
    });
    open.push(bus);
    if (server !== null && announceIn !== null) open.push(await announceServer(announceIn, server.readerUrl));
    return {
      bus,
      nodes: keys === null ? sharedBuses(external) : keyedBuses(keys, connect),
      async guard(work) {
        try {
          return await work();
        } catch (error) {
          void hangUp();
          server?.full.throwIfAborted();
          if (server === null || !isSwathError(error, "bus")) throw error;
          throw new SwathError("bus", { ...error.parts, hint: outOfRoom });
        }
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
