import { execFileSync, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { packageRoot } from "../../pipeline/package.ts";
import type { Network } from "./network.ts";

/** Where this process is, beside the places that it opened; nobody spoils the way to it. */
const driver = "driver";

const ip = (...words: readonly string[]): void =>
  void execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });

const works = (file: string, ...words: readonly string[]): boolean => {
  try {
    execFileSync(file, words, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const mayWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Why a network of namespaces cannot be had here; `null`: it can. */
export const whyNoNamespaces = (): string | null => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it wants root on Linux";
  if (!mayWrite("/dev/net/tun")) return "there is no /dev/net/tun";
  if (!works("python3", "-c", "pass")) return "there is no python3";
  return works("unshare", "--net", "ip", "link", "set", "lo", "up")
    ? null
    : "unshare --net and ip do not work";
};

/** Set in the process that `inOwnNamespace` starts. */
const mark = "SWATH_STORM_NAMESPACE";

/** Whether this process has a network namespace of its own, in which addresses mean its own hosts and nobody else's. */
export const isInOwnNamespace = (): boolean => process.env[mark] !== undefined;

/** Starts this very program again in a network namespace of its own, and ends with it. */
export const continueInOwnNamespace = async (file: string, args: readonly string[]): Promise<number> => {
  const script = 'ip link set lo up && exec "$0" "$@"';
  const child = spawn(
    "unshare",
    ["--net", "sh", "-c", script, process.execPath, fileURLToPath(file), ...args],
    { stdio: "inherit", env: { ...process.env, [mark]: "1" } },
  );
  return new Promise((done) => child.once("close", (code) => done(code ?? 1)));
};

const ports: Readonly<Record<string, number>> = { client: 4222, route: 6222, leaf: 7422 };

/** Opens a namespace for each place, all at one switch. Only in a namespace of its own: the addresses are private ones. */
export const openNamespaces = async (places: readonly string[]): Promise<Network> => {
  const prefix = `swath${process.pid}`;
  const all = [driver, ...places];
  const indexOf = (place: string): number => all.indexOf(place);
  const addressOf = (place: string): string => `10.83.0.${1 + indexOf(place)}`;
  const tapOf = (place: string): string => `swt${indexOf(place)}`;
  const spaceOf = (place: string): string => `${prefix}-${indexOf(place)}`;
  const child = spawn("python3", [join(packageRoot, "test/chaos/switch.py"), ...all.map(tapOf)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const made: string[] = [];
  const dispose = async (): Promise<void> => {
    const gone = new Promise((done) => child.once("close", done));
    child.stdin.end();
    await gone;
    for (const space of made) ip("netns", "delete", space);
  };
  try {
    await new Promise<void>((done, failed) => {
      createInterface({ input: child.stdout }).once("line", () => done());
      child.once("close", () => failed(new Error("the switch did not start")));
    });
    for (const place of places) {
      ip("netns", "add", spaceOf(place));
      made.push(spaceOf(place));
      ip("link", "set", tapOf(place), "netns", spaceOf(place));
      ip("-n", spaceOf(place), "link", "set", "lo", "up");
      ip("-n", spaceOf(place), "addr", "add", `${addressOf(place)}/24`, "dev", tapOf(place));
      ip("-n", spaceOf(place), "link", "set", tapOf(place), "up");
    }
    ip("addr", "add", `${addressOf(driver)}/24`, "dev", tapOf(driver));
    ip("link", "set", tapOf(driver), "up");
  } catch (error) {
    await dispose();
    throw error;
  }
  const order = (place: string, how: object): void =>
    void child.stdin.write(`${JSON.stringify({ port: tapOf(place), ...how })}\n`);
  return {
    kind: "namespaces",
    at: (place) => ["ip", "netns", "exec", spaceOf(place)],
    endpoint: (place, port) => {
      const at = `${addressOf(place)}:${ports[port] ?? 8222}`;
      return Promise.resolve({ listen: at, reach: at });
    },
    isReached: (place) => places.includes(place),
    async spoil(place, { silent, cut, loss, delayMs }, ms) {
      order(place, { up: silent !== true && cut !== true, loss: loss ?? 0, delay: (delayMs ?? 0) / 1000 });
      await sleep(ms);
      order(place, { up: true, loss: 0, delay: 0 });
    },
    [Symbol.asyncDispose]: dispose,
  };
};
