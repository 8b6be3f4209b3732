import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { compareRuns } from "../../studies/folder/verify-run.ts";
import { main } from "../integration/swath.ts";
import type { Cluster } from "./cluster.ts";
import { type Fault, faults, type Node } from "./faults.ts";

/** A mission that is flown in processes of its own, and how it came out in one. */
export interface Mission {
  /** Arguments of `swath replay`, without `--out`. */
  readonly scenario: readonly string[];
  readonly policy: string;
  readonly satellites: readonly string[];
  readonly stations: readonly string[];
  readonly runId: string;
  /** Its folder. */
  readonly reference: string;
}

/** How a storm ended. */
export interface Weathered {
  readonly seed: number;
  /** How often each kind of fault struck. */
  readonly struck: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** `same`: the same bytes in every file. `gave up`: no result and a line that says why, sooner than it should have. */
  readonly end: "same" | "gave up" | "differs" | "hangs";
  /** What was wrong; empty where nothing was. */
  readonly words: string;
}

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((done) => child.once("close", (code) => done(code)));

/** A process that is started again whenever a fault ends it. It is through when it ends by itself. */
const keepRunning = (name: string, args: readonly string[]) => {
  let said = "";
  let child: ChildProcess;
  let [away, stopped] = [false, false];
  let through: (code: number | null) => void = () => undefined;
  const finished = new Promise<number | null>((done) => (through = done));
  const launch = (): void => {
    child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr?.on("data", (data: Buffer) => (said = (said + data.toString()).slice(-2000)));
    const own = child;
    void endOf(own).then((code) => {
      if (!away && own === child) through(code);
    });
  };
  launch();
  const node: Node = {
    name,
    async kill(awayMs) {
      if (away || stopped || child.exitCode !== null) return;
      away = true;
      const gone = endOf(child);
      child.kill("SIGKILL");
      await gone;
      await sleep(awayMs);
      if (!stopped) launch();
      away = false;
    },
    async freeze(ms) {
      if (away || child.exitCode !== null) return;
      child.kill("SIGSTOP");
      await sleep(ms);
      child.kill("SIGCONT");
    },
  };
  return {
    node,
    finished,
    said: () => said,
    stop() {
      stopped = true;
      child.kill("SIGCONT");
      child.kill("SIGKILL");
    },
  };
};

/** Flies the mission once in processes of its own while faults strike, one after another, until it is over. All of them follow from `seed`. */
export const weather = async (
  mission: Mission,
  cluster: Cluster,
  {
    seed,
    mostFaults,
    patienceMs,
    kinds = faults,
  }: {
    readonly seed: number;
    readonly mostFaults: number;
    /** A run that takes longer hangs. */
    readonly patienceMs: number;
    readonly kinds?: readonly Fault[];
  },
): Promise<Weathered> => {
  const out = mkdtempSync(join(tmpdir(), "swath-storm-"));
  const { url } = cluster;
  const id = `${mission.runId}-${mission.policy}`;
  const began = Date.now();
  const struck = new Map<string, number>();
  const commander = keepRunning("command", [
    "replay",
    ...mission.scenario,
    "--external",
    "--keep-results=none",
    "--nats",
    url,
    "--out",
    out,
  ]);
  const others = [
    ...mission.satellites.map((name) => keepRunning(name, ["satellite", name, "--run", id, "--nats", url])),
    ...mission.stations.map((name) => keepRunning(name, ["station", name, "--run", id, "--nats", url])),
  ];
  const all = [commander, ...others];
  const over = new AbortController();
  const finished = Promise.all(all.map((one) => one.finished)).then((codes) => {
    over.abort();
    return codes;
  });
  const random = seeded("storm", seed);
  const strikeAll = async (): Promise<void> => {
    await using stranger = await connectBus({ url, name: "stranger" });
    const targets = { nodes: all.map(({ node }) => node), cluster, stranger, run: mission.runId };
    for (let i = 0; i < mostFaults && !over.signal.aborted; i++) {
      await sleep(100 + random.integer(900));
      if (over.signal.aborted) return;
      const fault = kinds[random.integer(kinds.length)] as Fault;
      struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1);
      try {
        await fault.strike(targets, random.split(i));
      } catch (error) {
        // The stranger's own connection is struck too; what it could not do, it leaves.
        if (!/timeout|closed|connection|responders|not found/i.test(String(error))) throw error;
      }
    }
  };
  // Rejects once all is over, and then nobody waits for it.
  const late = sleep(patienceMs, null, { signal: over.signal, ref: false }).catch(() => finished);
  const striking = strikeAll();
  try {
    const codes = await Promise.race([finished, late]);
    const seconds = (Date.now() - began) / 1000;
    const lastWords = (): string =>
      all.map((one) => `${one.node.name}: ${one.said().trim().split("\n").at(-1) ?? ""}`).join("\n  ");
    const verdict = async (): Promise<Pick<Weathered, "end" | "words">> => {
      if (codes === null) return { end: "hangs", words: `\n  ${lastWords()}` };
      const made = join(out, mission.runId);
      if (!existsSync(made)) {
        const end = codes[0] === 1 && /^swath: /m.test(commander.said()) ? "gave up" : "differs";
        return { end, words: `exit codes ${codes.join(", ")}\n  ${lastWords()}` };
      }
      // The record of the mission is what the command saw: nodes in other processes do not show it their batteries.
      const differing = (await compareRuns(mission.reference, made)).filter(
        ({ path }) => !path.startsWith("mission/"),
      );
      if (differing.length === 0) return { end: "same", words: "" };
      return { end: "differs", words: differing.map(({ path, what }) => `${path} ${what}`).join("; ") };
    };
    return { seed, struck, seconds, ...(await verdict()) };
  } finally {
    over.abort();
    for (const one of all) one.stop();
    await striking;
  }
};
