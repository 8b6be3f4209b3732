import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectBus, type Bus } from "../../pipeline/bus/connection.ts";
import { listStreams } from "../../pipeline/bus/run-streams.ts";
import { seconds } from "../../pipeline/units.ts";
import { compareRuns } from "../../studies/folder/verify-run.ts";
import { ClusterLost, startCluster } from "./cluster.ts";
import { openDisk, whyNoDisks } from "./disk.ts";
import { type Fault, faults, type Targets } from "./faults.ts";
import { keepRunning, type KeptProcess } from "./kept-process.ts";
import type { Mission } from "./mission.ts";
import type { Network } from "./network.ts";
import { planStorm, strikeAll } from "./strikes.ts";

/** How a storm ended. */
export interface Weathered {
  readonly seed: number;
  /** How often each kind of fault struck. */
  readonly struck: Readonly<Record<string, number>>;
  readonly seconds: number;
  /**
   * `same`: the same bytes in every file. `gave up`: no result, and nobody would have tried again. `left`: something of the run stayed on the
   * servers. `cluster lost`: nats-server itself found no leader again; what the command said of that stands in `gaveUp`.
   */
  readonly end: "same" | "gave up" | "differs" | "hangs" | "left" | "cluster lost";
  /** Each time that a process ended with an error: who, and its line. It was started again with the same command line. */
  readonly gaveUp: readonly string[];
  /** What was wrong; empty where nothing was. */
  readonly words: string;
}

/** What a storm is made of. */
export interface StormPlan {
  readonly seed: number;
  readonly mostFaults: number;
  /** How many may be at work at a time. */
  readonly atOnce: number;
  /** `--wait` of all processes, and how long the calm end may take beside it, seconds. */
  readonly wait: number;
  readonly calm: number;
  readonly kinds?: readonly Fault[];
}

const stationPlace = (i: number): string => `ground${i}`;

/** Places that a mission is flown at. */
export const placesOf = ({ satellites, stations }: Mission): readonly string[] => [
  "n0",
  "n1",
  "n2",
  "control",
  ...satellites.map((_, i) => `space${i}`),
  ...stations.map((_, i) => stationPlace(i)),
];

/** What is left of the run on the servers, but for nothing: its end takes everything along. */
const leftOn = async (stranger: Bus, run: string): Promise<readonly string[]> =>
  (await listStreams(stranger)).filter(({ name }) => name.startsWith(run)).map(({ stream }) => stream);

/** What the servers hold of the run, and who is how far behind it: where a storm hangs, somebody waits for one of these. */
const standingOf = async ({ manager }: Bus, run: string): Promise<string> => {
  const lines: string[] = [];
  for await (const { config, state, cluster } of manager.streams.list()) {
    if (!config.name.includes(run)) continue;
    lines.push(
      `${config.name}: ${state.messages} messages, last ${state.last_seq}, leader ${cluster?.leader ?? "none"}`,
    );
    for await (const { name, delivered, num_pending, num_ack_pending } of manager.consumers.list(config.name))
      lines.push(
        `  ${name}: given ${delivered.stream_seq}, ${num_ack_pending} not acknowledged, ${num_pending} to come`,
      );
  }
  return lines.map((line) => `\n  ${line}`).join("");
};

/**
 * Flies the mission once in processes of its own, on a cluster with leaf nodes at the stations, while faults strike, until it is over. Everything that
 * happens to it follows from `seed`.
 */
export const weather = async (
  mission: Mission,
  network: Network,
  { seed, mostFaults, atOnce, wait, calm, kinds = faults }: StormPlan,
): Promise<Weathered> => {
  const folder = mkdtempSync(join(tmpdir(), "swath-storm-"));
  // Goes last, once nothing is mounted in it.
  using _gone = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
  await using cluster = await startCluster(
    network,
    mission.stations.map((_, i) => stationPlace(i)),
  );
  const id = `${mission.runId}-${mission.policy}`;
  const began = performance.now();
  // Every other storm keeps link segments once, as bulk that comes back with its server.
  const isCopied = seed % 2 === 1;
  using disk = whyNoDisks() === null ? openDisk(join(folder, "out"), 64) : null;
  const out = join(folder, "out", "runs");
  const [scratch, kept] = [join(folder, "tmp"), join(folder, "work")];
  for (const one of [scratch, kept]) mkdirSync(one);
  const others: KeptProcess[] = [];
  const start = (name: string, place: string, args: readonly string[], isFinal = false): KeptProcess =>
    keepRunning({
      name,
      at: network.at(place),
      args: [...args, `--wait=${wait}s`],
      folder: kept,
      env: { TMPDIR: scratch },
      isFinal,
      // A command that ends with an error takes its run along: its next start is another, which all nodes are needed for.
      ...(isFinal ? { onError: () => others.forEach((one) => one.again()) } : {}),
    });
  const copies = ["--replicas=3", ...(isCopied ? [] : ["--link-replicas=1"])];
  const words = ["replay", ...mission.scenario, "--external", "--keep-results=none", ...copies];
  const command = start("command", "control", [...words, `--nats=${cluster.url}`, `--out=${out}`], true);
  others.push(
    ...mission.satellites.map((name, i) =>
      start(name, `space${i}`, ["satellite", name, `--run=${id}`, `--nats=${cluster.url}`]),
    ),
    ...mission.stations.map((name, i) =>
      start(name, stationPlace(i), [
        "station",
        name,
        `--run=${id}`,
        `--nats=${cluster.leafUrls[i] ?? ""}`,
        `--js-domain=${cluster.domain}`,
      ]),
    ),
  );
  const all = [command, ...others];
  const over = new AbortController();
  const patience = { wait: seconds(60), note: () => undefined };
  const stranger = await connectBus({ url: cluster.url, name: "stranger", patience });
  const targets: Targets = {
    nodes: all,
    cluster,
    network,
    places: placesOf(mission).filter(network.isReached),
    out: disk,
    isCopied,
    stranger,
    run: mission.runId,
  };
  const plan = planStorm(seed, kinds, mostFaults, targets);
  const striking = strikeAll(plan, targets, atOnce, over.signal);
  /** Everybody but the command ends after it by themselves, within `--wait`. */
  const flown = async (): Promise<"well" | "gave up"> => {
    const how = await command.finished;
    over.abort();
    await Promise.all(others.filter((one) => one.leaveAlone()).map(({ finished }) => finished));
    return how;
  };
  const late = async (): Promise<null> => {
    await striking.done;
    return sleep(1000 * (wait + calm), null, { ref: false });
  };
  const lastWords = (): string => all.map((one) => `\n  ${one.name}: ${one.lastLine()}`).join("");
  const judge = async (how: "well" | "gave up" | null): Promise<Pick<Weathered, "end" | "words">> => {
    if (how === null) {
      const standing = await standingOf(stranger, mission.runId).catch((error: unknown) => String(error));
      const running = others.filter((one) => one.leaveAlone()).map(({ name }) => name);
      return { end: "hangs", words: `${lastWords()}\n  running: ${running.join(", ")}${standing}` };
    }
    if (how === "gave up") return { end: "gave up", words: lastWords() };
    const made = join(out, mission.runId);
    if (!existsSync(made)) return { end: "differs", words: `no folder ${made}${lastWords()}` };
    // The record of the mission is what the command saw: nodes in other processes do not show it their batteries.
    const differing = (await compareRuns(mission.reference, made)).filter(
      ({ path }) => !path.startsWith("mission/"),
    );
    if (differing.length > 0)
      return { end: "differs", words: differing.map(({ path, what }) => `${path} ${what}`).join("; ") };
    // Spools of a node that was killed lie there until the next start: that is no fault, and who was killed last is not started again.
    const left = await leftOn(stranger, mission.runId);
    return left.length > 0 ? { end: "left", words: left.join(", ") } : { end: "same", words: "" };
  };
  try {
    const verdict = await Promise.race([flown(), late()]).then(judge, (error: unknown) => {
      if (error instanceof ClusterLost) return { end: "cluster lost" as const, words: lastWords() };
      throw error;
    });
    over.abort();
    if (verdict.end !== "cluster lost") await striking.done;
    const gaveUp = all.flatMap((one) => one.errors().map((line) => `${one.name}: ${line}`));
    return {
      seed,
      struck: Object.fromEntries(striking.struck),
      seconds: (performance.now() - began) / 1000,
      gaveUp,
      ...verdict,
    };
  } finally {
    over.abort();
    for (const one of all) one.stop();
    await stranger[Symbol.asyncDispose]();
  }
};
