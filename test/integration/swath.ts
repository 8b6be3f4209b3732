import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseSummary, type RunSummary } from "../../measure/summary/run-summary.ts";
import { packageRoot } from "../../pipeline/package.ts";

/** The compiled command: what a user runs. */
export const main: string = join(packageRoot, "dist/bin/swath.js");

/** One cache for all tests of a run: the built-in scenes are rendered once. */
const cache = join(process.env["SWATH_TEST_CACHE"] ?? tmpdir(), "swath-test-cache");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** The login of a test's server belongs into the environment: no command line takes it. */
const withoutLogin = (args: readonly string[]) => {
  const login = args.map((arg) => /nats:\/\/(\w+):(\w+)@/.exec(arg)).find((one) => one !== null);
  const words = args.map((arg) => arg.replace(/nats:\/\/\w+:\w+@/, "nats://"));
  const env = { SWATH_NATS_USER: login?.[1], SWATH_NATS_PASSWORD: login?.[2] };
  return { words, login: login === undefined ? {} : env };
};

/** Starts `swath` with arguments, in a folder of its own unless told otherwise. */
export const start = (args: readonly string[], cwd = scratch()): Running => {
  if (!existsSync(main)) throw new Error("dist/ is missing: run npm run build");
  const { words, login } = withoutLogin(args);
  const child = spawn(process.execPath, [main, ...words], {
    cwd,
    env: { ...process.env, XDG_CACHE_HOME: cache, ...login },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (code) => resolve({ code, ...output }));
  });
  return { child, finished };
};

/** Runs `swath` to its end. */
export const swath = (args: readonly string[], cwd?: string): Promise<Finished> => start(args, cwd).finished;

export const scratch = (): string => mkdtempSync(join(tmpdir(), "swath-test-"));

/** A GeoJSON file of stations, masked at 5°; returns its path. */
export const stationsFile = (
  folder: string,
  sites: readonly (readonly [name: string, longitude: number, latitude: number])[],
): string => {
  const file = join(folder, "stations.json");
  const features = sites.map(([name, longitude, latitude]) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [longitude, latitude, 100] },
    properties: { name, min_elevation_deg: 5 },
  }));
  writeFileSync(file, JSON.stringify({ type: "FeatureCollection", features }));
  return file;
};

/** The one run in a folder of runs. */
export const onlyRun = (out: string): string => {
  const [name = ""] = readdirSync(out).filter((entry) => !entry.startsWith("."));
  return join(out, name);
};

export const summaryOf = (out: string): RunSummary =>
  parseSummary(JSON.parse(readFileSync(join(onlyRun(out), "summary.json"), "utf8")));

/** Everything below a folder, by path; what two runs must agree on. */
export const filesBelow = (folder: string): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((path) => statSync(path).isFile())
      .toSorted()
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );

/** Paths whose bytes differ between two folders, or that only one has. */
export const differences = (a: string, b: string): readonly string[] => {
  const [left, right] = [filesBelow(a), filesBelow(b)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((path) => {
    const [one, other] = [left.get(path), right.get(path)];
    return one === undefined || other === undefined || !one.equals(other);
  });
};

/** What a command writes down of what it saw: nodes in other processes do not show it their batteries. It is no result. */
const record = /^(mission\/|manifest\.json$)/;

/** Files in which the only runs of two folders differ: results must be equal to the byte, wherever they were worked out. */
export const differingRuns = (a: string, b: string): readonly string[] =>
  differences(onlyRun(a), onlyRun(b)).filter((path) => !record.test(path));
