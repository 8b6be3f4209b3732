import { headers } from "@nats-io/transport-node";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { connectBus, type Bus, type BusGuard } from "../../../pipeline/bus/connection.ts";
import { hearNodes, sayAlive } from "../../../pipeline/bus/presence.ts";
import { signatureHeader } from "../../../pipeline/bus/publisher.ts";
import { followSource, listResultSources } from "../../../pipeline/bus/result-source.ts";
import { followResults } from "../../../pipeline/bus/result-stream.ts";
import { openRun } from "../../../pipeline/bus/run-bus.ts";
import { resultSubject } from "../../../pipeline/bus/subjects.ts";
import { makeKey, type SigningKey } from "../../../pipeline/keys/nkey.ts";
import { openSeal } from "../../../pipeline/keys/seal.ts";
import type { Member, TrustList } from "../../../pipeline/keys/trust.ts";
import { RefusalCount } from "../../../pipeline/mission/refusal.ts";
import { ownBus, text } from "./fixture.ts";

const keys = new Map<string, SigningKey>();
const member = (role: Member["role"], name: string): Member => {
  const key = makeKey("user");
  keys.set(name, key);
  return { role, name, key: key.publicKey };
};
const trust: TrustList = {
  schema: "swath-trust/1",
  operator: makeKey("operator").publicKey,
  members: [
    member("mission-control", "mission-control"),
    member("centre", "centre"),
    member("satellite", "W01"),
    member("satellite", "W02"),
    member("subscriber", "subscriber"),
  ],
  links: {},
};
const guardOf = (node: string, count = new RefusalCount()): BusGuard => ({
  seal: openSeal(node, keys.get(node) as SigningKey, trust),
  node,
  onRefused: count.add,
});
const as = (url: string, name: string, count?: RefusalCount): Promise<Bus> =>
  connectBus({ url, name, guard: guardOf(name, count) });

const run = "ships-detect.abc";
const subject = resultSubject(run, "ship", "none");

it("readers with keys take results of the mission centre alone, kept or live, and count the others", async () => {
  await using own = await ownBus();
  const { url } = own.server;
  await using centre = await as(url, "centre");
  await using satellite = await as(url, "W01");
  await using stranger = await openRun(own.bus, run, ["result"]);
  await using genuine = await openRun(centre, run, ["result"]);
  await using other = await openRun(satellite, run, ["result"]);
  await stranger.publish(subject, Buffer.from("forged before"), "result.0.0");
  await genuine.publish(subject, Buffer.from("a"), "result.0.0");
  await other.publish(subject, Buffer.from("signed by another"), "result.0.1");
  await Promise.all([stranger, genuine, other].map((one) => one.flush()));

  const count = new RefusalCount();
  await using reader = await as(url, "subscriber", count);
  const { signal } = new AbortController();
  const heard: string[] = [];
  const listening = (async () => {
    const request = { run: "ships-detect", className: null, from: "start", signal } as const;
    for await (const data of followResults(reader, request)) if (heard.push(text(data)) === 2) break;
  })();
  for (let waited = 0; heard.length < 1 && waited < 5000; waited += 10) await sleep(10);
  // A live one that bears the name of the genuine one must not stand in its way.
  const forged = headers();
  forged.set("Nats-Msg-Id", "abc.result.1.0");
  forged.set(signatureHeader, "centre:AAAA");
  own.bus.connection.publish(subject, "forged live", { headers: forged });
  await own.bus.connection.flush();
  await genuine.publish(subject, Buffer.from("b"), "result.1.0");
  await genuine.flush();
  await listening;
  expect(heard).toEqual(["a", "b"]);
  expect(count.kinds.map(({ what, reason }) => `${what} ${reason}`)).toEqual([
    "result message forged",
    "result message unsigned",
  ]);

  const again = new RefusalCount();
  await using server = await as(url, "subscriber", again);
  const stop = new AbortController();
  const batches: string[] = [];
  const [source] = await listResultSources(server);
  await followSource(server, source as { stream: string }, {
    after: 0,
    signal: stop.signal,
    take(messages) {
      batches.push(...messages.map(({ data }) => text(data)));
      if (batches.length === 2) stop.abort();
    },
  });
  expect(batches).toEqual(["a", "b"]);
  expect(again.total).toBeGreaterThanOrEqual(2);
});

it("only what a node signs keeps anybody waiting for it: neither a stranger, nor another node, nor a recording", async () => {
  await using own = await ownBus();
  const { url } = own.server;
  const count = new RefusalCount();
  await using command = await as(url, "mission-control", count);
  await using satellite = await as(url, "W01");
  await using other = await as(url, "W02");
  const node = { kind: "satellite", id: "W01" } as const;
  using presence = hearNodes(command, run);
  await command.connection.flush();
  const recorded: { readonly data: Uint8Array; readonly head: ReturnType<typeof headers> }[] = [];
  own.bus.connection.subscribe(`swath.${run}.alive.>`, {
    callback: (_, message) => void recorded.push({ data: message.data, head: message.headers as never }),
  });
  await own.bus.connection.flush();

  own.bus.connection.publish(`swath.${run}.alive.satellite.W01`, "alive");
  await own.bus.connection.flush();
  using _another = sayAlive(other, run, node);
  await other.connection.flush();
  await sleep(100);
  expect(presence.lastHeard(node)).toBeNull();

  sayAlive(satellite, run, node)[Symbol.dispose]();
  await satellite.connection.flush();
  for (let waited = 0; !presence.hasLeft(node) && waited < 5000; waited += 10) await sleep(10);
  expect(presence.hasLeft(node)).toBe(true);
  for (const { data, head } of recorded.slice())
    own.bus.connection.publish(`swath.${run}.alive.satellite.W01`, data, head ? { headers: head } : {});
  await own.bus.connection.flush();
  await sleep(100);
  expect(presence.hasLeft(node)).toBe(true);
  expect(new Set(count.kinds.map(({ reason }) => reason))).toEqual(
    new Set(["forged", "unsigned", "replayed"]),
  );
});
