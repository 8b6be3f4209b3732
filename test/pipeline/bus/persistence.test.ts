import { createServer } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { JetStreamApiError } from "@nats-io/jetstream";
import {
  AuthorizationError,
  ClosedConnectionError,
  ConnectionError,
  NoRespondersError,
  PermissionViolationError,
  ProtocolError,
  RequestError,
  TimeoutError,
} from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { busError } from "../../../pipeline/bus/bus-error.ts";
import { faultOf } from "../../../pipeline/bus/bus-fault.ts";
import { connectBus } from "../../../pipeline/bus/connection.ts";
import { persisting } from "../../../pipeline/bus/persistence.ts";
import { SwathError } from "../../../pipeline/errors.ts";
import { seconds } from "../../../pipeline/units.ts";
import { foreignServer, freePorts } from "./foreign-server.ts";

const api = (code: number, err_code: number, description: string): Error =>
  new JetStreamApiError({ code, err_code, description });
const socket = (code: string): Error => Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });

describe("what NATS and the line to it say", () => {
  const passing: readonly (readonly [string, Error])[] = [
    ["no answer in time", new TimeoutError()],
    ["nobody answers", new RequestError("", { cause: new NoRespondersError("$JS.API.INFO") })],
    ["no leader of the cluster", api(503, 10008, "JetStream system temporarily unavailable")],
    ["no leader of the group", api(500, 10041, "raft: no leader")],
    ["a server is away that a copy belongs on", api(400, 10005, "no suitable peers for placement")],
    ["a consumer that was forgotten", api(404, 10014, "consumer not found")],
    ["the server is not there", new ConnectionError("connection refused", { cause: socket("ECONNREFUSED") })],
    ["the line broke", socket("ECONNRESET")],
    ["the line broke in the middle of the greeting", new ConnectionError("disconnected")],
    ["a name that cannot be looked up now", socket("EAI_AGAIN")],
    ["a server too busy to hear a login", new AuthorizationError("authentication timeout")],
  ];
  const lasting: readonly (readonly [string, Error])[] = [
    ["no such stream", api(404, 10059, "stream not found")],
    ["full", api(503, 10023, "insufficient resources")],
    ["full, as another release says it", api(500, 10047, "insufficient storage resources available")],
    ["too many consumers", api(400, 10026, "maximum consumers limit reached")],
    ["copies without a cluster", api(500, 10074, "replicas > 1 not supported in non-clustered mode")],
    ["somebody was quicker", api(400, 10071, "wrong last sequence: 4")],
    ["not let in", new AuthorizationError("Authorization Violation")],
    ["not allowed", new PermissionViolationError("Permissions Violation", "publish", "x")],
    [
      "not allowed, of a request",
      new RequestError("", { cause: new PermissionViolationError("", "publish", "x") }),
    ],
    ["the connection is ours and closed", new ClosedConnectionError()],
    ["another protocol", new ProtocolError("unexpected response from server")],
    [
      "a certificate that nobody signed",
      Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO" }),
    ],
    ["in the clear", new Error("server does not support 'tls'")],
    ["a mistake of ours", new TypeError("x is not a function")],
    ["a refusal of ours", new SwathError("bus", { what: "run r is under way already" })],
  ];
  it.each(passing)("may pass: %s", (_, error) => {
    expect(faultOf(error)).toBe("passing");
    expect(faultOf(busError("cannot", error))).toBe("passing");
  });
  it.each(lasting)("lasts: %s", (_, error) => {
    expect(faultOf(error)).toBe("lasting");
    expect(faultOf(busError("cannot", error))).toBe("lasting");
  });
});

describe("persisting", () => {
  const failing = (times: number, error: Error) => {
    let calls = 0;
    return {
      calls: () => calls,
      work: async (): Promise<string> => {
        if (calls++ < times) throw error;
        return "done";
      },
    };
  };
  const patience = (wait: number, signal?: AbortSignal) => ({
    wait: seconds(wait),
    note: () => undefined,
    ...(signal === undefined ? {} : { signal }),
  });
  const never = { isOver: () => false, onReconnect: () => () => undefined };

  it("tries again what may pass, and throws at once what lasts, with what and why", async () => {
    const shaky = failing(3, new TimeoutError());
    expect(await persisting(patience(60), never)("cannot x", shaky.work)).toBe("done");
    expect(shaky.calls()).toBe(4);
    const lost = failing(9, api(404, 10059, "stream not found"));
    await expect(persisting(patience(60), never)("cannot x", lost.work)).rejects.toThrow(
      /^cannot x: got stream not found$/,
    );
    expect(lost.calls()).toBe(1);
  });

  it("gives up when the patience is over, the bus is closed, or the signal aborts", async () => {
    const began = performance.now();
    await expect(
      persisting(patience(0.3), never)("cannot x", failing(99, api(503, 10008, "unavailable")).work),
    ).rejects.toThrow(/cannot x: got unavailable/);
    expect(performance.now() - began).toBeGreaterThan(290);
    const closed = failing(99, new TimeoutError());
    await expect(
      persisting(patience(60), { ...never, isOver: () => true })("cannot x", closed.work),
    ).rejects.toThrow("timeout");
    expect(closed.calls()).toBe(1);
    const stop = new AbortController();
    const waiting = persisting(patience(60, stop.signal), never)("x", failing(99, new TimeoutError()).work);
    setTimeout(() => stop.abort(), 50);
    await expect(waiting).rejects.toThrow(/abort/i);
  });
});

it("asks again at once when the connection has come back: what was asked on the old one is never answered", async () => {
  const listeners = new Set<() => void>();
  const wire = {
    isOver: () => false,
    onReconnect: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  let calls = 0;
  const work = (): Promise<string> =>
    calls++ === 0 ? new Promise(() => undefined) : Promise.resolve("done");
  const asking = persisting({ wait: seconds(60), note: () => undefined }, wire)("cannot x", work);
  for (const listener of listeners) listener();
  expect(await asking).toBe("done");
  expect(listeners.size).toBe(0);
});

describe("connecting", () => {
  it("to a server that starts later, over a line that breaks at first", async () => {
    const [port = 0] = await freePorts(1);
    const broken = createServer((one) => void one.destroy());
    broken.listen(port, "127.0.0.1");
    await once(broken, "listening");
    const heard: string[] = [];
    const patience = { wait: seconds(30), note: (text: string) => void heard.push(text) };
    const connecting = connectBus({ url: `nats://127.0.0.1:${port}`, name: "early", patience });
    await sleep(300);
    await new Promise((done) => broken.close(done));
    await sleep(300);
    await using _server = await foreignServer({
      listen: `127.0.0.1:${port}`,
      jetstream: { store_dir: "STORE" },
    });
    await using bus = await connecting;
    expect(bus.connection.isClosed()).toBe(false);
  });
});
