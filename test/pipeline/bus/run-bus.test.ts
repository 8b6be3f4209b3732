import { describe, expect, it } from "vitest";
import { openRun } from "../../../pipeline/bus/run-bus.ts";
import { deleteRun } from "../../../pipeline/bus/run-streams.ts";
import {
  groundSubject,
  linkSubject,
  nakSubject,
  resultSubject,
  taskSubject,
} from "../../../pipeline/bus/subjects.ts";
import { seconds } from "../../../pipeline/units.ts";
import { connectBus } from "../../../pipeline/bus/connection.ts";
import { all, ownBus, take, text } from "./fixture.ts";

/** A run with its incarnation. */
const r1 = "r1.a1";

const payload = (i: number, length = 2000): Uint8Array => Buffer.alloc(length, `${i} `);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("a run on NATS", () => {
  it("keeps what is published, in order, and drops what is published twice", async () => {
    await using own = await ownBus();
    const run = await openRun(own.bus, r1);
    const subject = linkSubject(r1, "sat-1", "svalbard");
    for (const i of range(700)) await run.publish(subject, payload(i), `id-${i}`);
    for (const i of range(700)) await run.publish(subject, payload(i), `id-${i}`);
    await run.flush();
    const got = await all(
      run.follow(linkSubject(r1, "sat-1", "svalbard"), { from: "start", until: "caught-up" }),
    );
    expect(got.map((m) => m.msgId)).toEqual(range(700).map((i) => `a1.id-${i}`));
    expect(got.map((m) => m.seq)).toEqual(range(700).map((i) => i + 1));
    expect(Buffer.from(got[42]!.data)).toEqual(payload(42));
    const rest = await all(run.follow(subject, { from: { after: 690 }, until: "caught-up" }));
    expect(rest.map((m) => m.seq)).toEqual(range(10).map((i) => 691 + i));
    expect(
      await all(run.follow(linkSubject(r1, "sat-2", "x"), { from: "start", until: "caught-up" })),
    ).toEqual([]);
    expect(await all(run.follow(subject, { from: { after: 700 }, until: "caught-up" }))).toEqual([]);
  });

  it("follows wildcards live, and only new messages when asked to", async () => {
    await using own = await ownBus();
    const run = await openRun(own.bus, r1);
    await run.publish(resultSubject(r1, "ship", "c1"), payload(0), "old");
    await run.flush();
    const live = run.follow("swath.r1.a1.result.*.c1", { from: "new" });
    const first = live.next();
    await run.publish(resultSubject(r1, "plane", "c1"), payload(1), "new");
    expect((await first).value).toMatchObject({ subject: "swath.r1.a1.result.plane.c1", msgId: "a1.new" });
    await live.return();
  });

  it("ends a follower by its signal, without an error", async () => {
    await using own = await ownBus();
    const run = await openRun(own.bus, r1);
    const abort = new AbortController();
    const ending = all(run.follow(nakSubject(r1, "sat"), { from: "start", signal: abort.signal }));
    await run.publish(nakSubject(r1, "sat"), payload(1), "1");
    await run.flush();
    abort.abort();
    expect((await ending).length).toBeLessThanOrEqual(1);
  });

  it.each(["TERM", "KILL"] as const)(
    "loses nothing when the server is stopped (%s) and started in the middle",
    async (word) => {
      await using own = await ownBus();
      const run = await openRun(own.bus, r1);
      const subject = groundSubject(r1, "svalbard");
      const count = 3000;
      const following = take(run.follow(subject, { from: "start" }), count);
      let restarting: Promise<void> | null = null;
      for (const i of range(count)) {
        if (i === count / 3) restarting = own.server.restart(word);
        await run.publish(subject, payload(i, 20_000), `id-${i}`);
      }
      await restarting;
      await run.flush();
      expect((await following).map((m) => m.msgId)).toEqual(range(count).map((i) => `a1.id-${i}`));
      const stored = await all(run.follow(subject, { from: "start", until: "caught-up" }));
      expect(stored.map((m) => m.msgId)).toEqual(range(count).map((i) => `a1.id-${i}`));
    },
    30_000,
  );

  it("hands out tasks in order, and again when their holder dies", async () => {
    await using own = await ownBus();
    const run = await openRun(own.bus, r1);
    for (const i of range(3))
      await run.publish(taskSubject(r1, "sat"), Buffer.from(`task ${i}`), `task-${i}`);
    await run.flush();

    // The holder dies with the first task acknowledged and the second in hand.
    const doomed = await connectBus({ url: own.server.url, name: "doomed" });
    const held = (await openRun(doomed, r1)).takeTasks("sat", { ackWait: seconds(1) });
    const first = (await held.next()).value!;
    expect(text(first.data)).toBe("task 0");
    await first.ack();
    expect(text((await held.next()).value!.data)).toBe("task 1");
    await doomed[Symbol.asyncDispose]();

    const heir = run.takeTasks("sat", { ackWait: seconds(1) });
    const got: { readonly task: string; readonly isAgain: boolean }[] = [];
    for await (const task of heir) {
      // On a busy machine more than one delivery may have gone to the dead.
      got.push({ task: text(task.data), isAgain: task.deliveries > 1 });
      await task.ack();
      if (got.length === 2) break;
    }
    expect(got.map(({ task }) => task)).toEqual(["task 1", "task 2"]);
    expect(got[0]?.isAgain).toBe(true);
    expect((await own.bus.manager.streams.info("swath_r1_a1_task")).state.messages).toBe(0);
  });

  it("keeps a task with its holder for as long as the holder lives", async () => {
    await using own = await ownBus();
    const run = await openRun(own.bus, r1);
    await run.publish(taskSubject(r1, "sat"), Buffer.from("long"), "long");
    await run.flush();
    const abort = new AbortController();
    // Also when it takes no more tasks: a satellite takes all of its tasks, then flies for as long as it takes.
    const [task] = await take(run.takeTasks("sat", { ackWait: seconds(0.3), inHand: 2 }), 1);
    const other = run.takeTasks("sat", { ackWait: seconds(0.3), inHand: 2, signal: abort.signal }).next();
    // Said every 0.1 s: nine times are three waits, after any of which the task would have gone to the other.
    const beats = own.bus.connection.subscribe("$JS.ACK.>");
    let heard = 0;
    for await (const { data } of beats) if (text(data) === "+WPI" && ++heard === 9) break;
    abort.abort();
    expect(await other).toEqual({ done: true, value: undefined });
    await task!.ack();
  });

  it("ends where no task is left, and knows the last message of a subject", async () => {
    await using own = await ownBus();
    const run = await openRun(own.bus, r1);
    const subject = taskSubject(r1, "sat");
    const link = linkSubject(r1, "sat", "gs");
    expect(await run.last(link)).toBeNull();
    for (const i of range(3)) {
      await run.publish(subject, Buffer.from(`task ${i}`), `task-${i}`);
      await run.publish(link, Buffer.from(`segment ${i}`), `segment-${i}`);
    }
    await run.publish(linkSubject(r1, "sat", "other"), Buffer.from("to another"), "other");
    await run.flush();
    expect(text((await run.last(link))!)).toBe("segment 2");
    const got: string[] = [];
    for await (const task of run.takeTasks("sat", { ackWait: seconds(5), until: "empty" })) {
      got.push(text(task.data));
      await task.ack();
    }
    expect(got).toEqual(["task 0", "task 1", "task 2"]);
  });

  it("keeps state, also values larger than a message, and lets one of several creators win", async () => {
    await using own = await ownBus();
    const { state } = await openRun(own.bus, r1);
    expect(await state.get("plan")).toBeNull();
    const large = Buffer.alloc(1_700_000, "contact plan ");
    await state.put("plan", large);
    expect(Buffer.from((await state.get("plan"))!).equals(large)).toBe(true);
    await state.put("plan", Buffer.from("small"));
    expect(text((await state.get("plan"))!)).toBe("small");
    const created = await Promise.all(range(4).map((i) => state.create("leader", Buffer.of(i))));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect((await own.bus.manager.streams.info("KV_swath_r1_a1")).state.messages).toBeLessThan(8);
  });

  it("opens twice without harm, is deleted without trace", async () => {
    await using own = await ownBus();
    const [run] = await Promise.all([openRun(own.bus, r1), openRun(own.bus, r1), openRun(own.bus, "r2.a1")]);
    await deleteRun(own.bus, r1);
    await deleteRun(own.bus, r1);
    const names = (await own.bus.manager.streams.list().next()).map((s) => s.config.name);
    expect(names.every((name) => name.includes("r2_a1"))).toBe(true);
    await expect(take(run.follow("swath.r1.a1.result.>", { from: "start" }), 1)).rejects.toThrow(
      "cannot follow swath.r1.a1.result.>: got stream not found",
    );
  });

  it("refuses what cannot be published, in one line", async () => {
    await using own = await ownBus();
    const run = await openRun(own.bus, r1);
    expect(() => linkSubject(r1, "a.b", "c")).toThrow('satellite "a.b" cannot stand in a NATS subject');
    expect(() => run.follow("swath.r2.a1.result.>", { from: "start" })).toThrow(/is not kept by run r1/);
    await expect(run.publish(nakSubject(r1, "s"), Buffer.alloc(9e6), "big")).rejects.toThrow(/too large/);
    await run[Symbol.asyncDispose]();
    await expect(run.publish(nakSubject(r1, "s"), Buffer.alloc(9), "late")).rejects.toThrow(
      "publisher is closed",
    );
  });
});
