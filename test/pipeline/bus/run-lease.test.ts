import { describe, expect, it, vi } from "vitest";
import type { Bus } from "../../../pipeline/bus/connection.ts";
import { connectBus } from "../../../pipeline/bus/connection.ts";
import { isDead, thisHolder } from "../../../pipeline/bus/lease-holder.ts";
import { openRun } from "../../../pipeline/bus/run-bus.ts";
import { claimRun, findLease, type ClaimRequest } from "../../../pipeline/bus/run-lease.ts";
import { cleanRuns, listRuns } from "../../../pipeline/bus/run-listing.ts";
import { listStreams } from "../../../pipeline/bus/run-streams.ts";
import { leaseBucketName, resultSubject } from "../../../pipeline/bus/subjects.ts";
import { seconds } from "../../../pipeline/units.ts";
import { Kvm } from "@nats-io/kv";
import { ownBus } from "./fixture.ts";

const run = "replay-0123abcd";

const request = (more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  run,
  resume: false,
  keepResults: seconds(3600),
  note: (text) => expect.unreachable(text),
  ...more,
});

const streamsOf = async (bus: Bus): Promise<readonly string[]> =>
  (await listStreams(bus)).map(({ stream }) => stream).toSorted();

/** A start of which nothing but its lease and its streams is left, as after a SIGKILL. */
const killedStart = async (bus: Bus, url: string): Promise<string> => {
  const doomed = await connectBus({ url, name: "doomed" });
  const claim = await claimRun(doomed, request());
  const opened = await openRun(doomed, claim.busRun(`${run}-detect`));
  await opened.publish(resultSubject(opened.run, "ship", "c1"), Buffer.from("stale"), "1");
  await opened.flush();
  await doomed.connection.close();
  // A holder of this machine whose process is gone: what a SIGKILL leaves.
  const bucket = await new Kvm(bus.js).open(leaseBucketName(run));
  const lease = await findLease(bus, run);
  await bucket.put("lease", JSON.stringify({ ...lease, pid: 2 ** 22 + 1 }));
  return claim.incarnation;
};

describe("a claim", () => {
  it("refuses a second start at once, with who holds the run since when, and lets it in once the first is gone", async () => {
    await using own = await ownBus();
    const first = await claimRun(own.bus, request());
    const began = performance.now();
    await expect(claimRun(own.bus, request())).rejects.toThrow(
      /^run replay-0123abcd is under way already: got a start by .+ on .+ \(process \d+\) since 2\d{3}-.*Z; it is left alone: wait until it ends/,
    );
    expect(performance.now() - began).toBeLessThan(2000);
    await first[Symbol.asyncDispose]();
    await using second = await claimRun(own.bus, request());
    expect(second.incarnation).not.toBe(first.incarnation);
  });

  it("lets one of several at once win, however often that is tried", async () => {
    await using own = await ownBus();
    for (let round = 0; round < 5; round++) {
      const tries = await Promise.allSettled(Array.from({ length: 4 }, () => claimRun(own.bus, request())));
      const won = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(won).toHaveLength(1);
      for (const one of tries) if (one.status === "rejected") expect(String(one.reason)).toMatch(/under way/);
      await won[0]?.[Symbol.asyncDispose]();
      expect(await streamsOf(own.bus)).toEqual([]);
    }
  });

  it("leaves nothing of a run that failed, and the results alone of one that ended well", async () => {
    await using own = await ownBus();
    for (const isWell of [false, true]) {
      const claim = await claimRun(own.bus, request());
      await using opened = await openRun(own.bus, claim.busRun(`${run}-detect`));
      await opened.publish(resultSubject(opened.run, "ship", "c1"), Buffer.from("a"), "1");
      await opened.flush();
      if (isWell) claim.keepResults();
      await claim[Symbol.asyncDispose]();
      const name = `swath_${run}-detect_${claim.incarnation}_result`;
      expect(await streamsOf(own.bus)).toEqual(isWell ? [name] : []);
      if (isWell) expect((await own.bus.manager.streams.info(name)).config.max_age).toBe(3600e9);
    }
    // The next start of the same run hands nobody the results of this one.
    await using again = await claimRun(own.bus, request());
    expect(await streamsOf(own.bus)).toEqual([`KV_${leaseBucketName(run)}`]);
    expect(again.isResumed).toBe(false);
  });

  it("takes over from a holder that was killed: with its incarnation to go on, without to start anew", async () => {
    for (const resume of [true, false]) {
      await using own = await ownBus();
      const dead = await killedStart(own.bus, own.server.url);
      expect((await listRuns(own.bus)).map(({ state }) => state)).toEqual(["running"]);
      await using claim = await claimRun(own.bus, request({ resume }));
      expect([claim.isResumed, claim.incarnation === dead]).toEqual([resume, resume]);
      const kept = (await streamsOf(own.bus)).filter((name) => name.endsWith("_result"));
      expect(kept).toHaveLength(resume ? 1 : 0);
    }
  });

  it("is lost when its lease is removed, and leaves what the new holder has", async () => {
    await using own = await ownBus();
    const claim = await claimRun(own.bus, request());
    await own.bus.manager.streams.delete(`KV_${leaseBucketName(run)}`);
    await vi.waitFor(() => expect(claim.lost.aborted).toBe(true), { timeout: 8000 });
    expect(String(claim.lost.reason)).toMatch(/run replay-0123abcd was removed from NATS/);
    await using other = await claimRun(own.bus, request());
    await claim[Symbol.asyncDispose]();
    expect((await findLease(own.bus, `${run}-detect`))?.incarnation).toBe(other.incarnation);
  }, 15_000);
});

describe("what is on a server", () => {
  it("is listed with its owner and removed when its run was killed, never when it lives", async () => {
    await using own = await ownBus();
    await killedStart(own.bus, own.server.url);
    await using living = await claimRun(own.bus, request({ run: "compare-00000001" }));
    await using opened = await openRun(own.bus, living.busRun("compare-00000001-raw"));
    // Its lease has run out.
    await own.bus.manager.streams.purge(`KV_${leaseBucketName(run)}`);
    const listed = await listRuns(own.bus);
    expect(listed).toMatchObject([
      { run: "compare-00000001", state: "running", parts: ["compare-00000001-raw"], streams: 8 },
      { run, state: "killed", parts: [`${run}-detect`], streams: 8 },
    ]);
    expect(listed.every(({ whose }) => whose?.includes(`(process ${process.pid})`))).toBe(true);
    expect((await cleanRuns(own.bus, seconds(3600), new Date())).runs).toEqual([]);
    expect((await cleanRuns(own.bus, null, new Date())).runs.map((one) => one.run)).toEqual([run]);
    expect((await listRuns(own.bus)).map((one) => one.run)).toEqual(["compare-00000001"]);
    expect(await opened.state.get("plan")).toBeNull();
  });

  it("goes by its age where results are kept", async () => {
    await using own = await ownBus();
    {
      await using claim = await claimRun(own.bus, request());
      await using opened = await openRun(own.bus, claim.busRun(`${run}-detect`));
      await opened.publish(resultSubject(opened.run, "ship", "c1"), Buffer.from("a"), "1");
      await opened.flush();
      claim.keepResults();
    }
    const later = new Date(Date.now() + 3 * 86_400_000);
    expect((await cleanRuns(own.bus, null, later)).streams).toBe(0);
    expect((await cleanRuns(own.bus, seconds(7 * 86_400), later)).streams).toBe(0);
    expect((await cleanRuns(own.bus, seconds(2 * 86_400), later)).streams).toBe(1);
    expect(await streamsOf(own.bus)).toEqual([]);
  });
});

describe("a holder", () => {
  it("is dead where its process is gone from this machine, and not where that cannot be known", () => {
    const own = thisHolder();
    expect(isDead(own)).toBe(false);
    expect(isDead({ ...own, pid: 2 ** 22 + 1 })).toBe(own.machine !== null);
    expect(isDead({ ...own, started: "1" })).toBe(own.machine !== null);
    expect(isDead({ ...own, machine: "another", pid: 2 ** 22 + 1 })).toBe(false);
    expect(isDead({ ...own, machine: null, pid: 2 ** 22 + 1 })).toBe(false);
  });
});
