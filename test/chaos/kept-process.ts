import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot } from "../../pipeline/package.ts";
import { main } from "../integration/swath.ts";

/** Where a process runs, and what it is told. */
export interface ProcessStart {
  readonly name: string;
  /** What stands before its command line. */
  readonly at: readonly string[];
  readonly args: readonly string[];
  /** A folder of its own. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is the one whose end is the end of all. */
  readonly isFinal: boolean;
  /** Told of each time that it ends with an error. */
  readonly onError?: () => void;
}

/** A process of the run, which is started again whenever a fault or an error ends it. */
export interface KeptProcess {
  readonly name: string;
  /** As the system does to a process that ran out of memory; it is started again after a while, ms. */
  readonly kill: (awayMs: number) => Promise<void>;
  /** Stands still for so long, ms. */
  readonly freeze: (ms: number) => Promise<void>;
  /** Its wall clock is off by so many seconds from now on. */
  readonly setClock: (offsetSeconds: number) => void;
  /**
   * Resolves when it has ended well, or after it gave up more often than anybody would try again. One that is not final has ended well only once
   * it is left alone.
   */
  readonly finished: Promise<"well" | "gave up">;
  /** The last line of each time that it ended with an error: `swath: …`. */
  readonly errors: () => readonly string[];
  readonly lastLine: () => string;
  /** Starts it again where it has ended well: what it had done was for a run that is no more. */
  readonly again: () => void;
  /** It is not started again from now on. Whether it runs now. */
  readonly leaveAlone: () => boolean;
  readonly stop: () => void;
}

/** A person looks into it after so many errors. */
const mostErrors = 12;

const clockModule = join(packageRoot, "dist/test/chaos/shifted-clock.js");

/** Starts `swath` with arguments, and keeps it running until it ends well. */
export const keepRunning = ({ name, at, args, folder, env, isFinal, onError }: ProcessStart): KeptProcess => {
  const clock = join(folder, `${name}.clock`);
  const [program = "", ...words] = [...at, process.execPath, `--import=${clockModule}`, main, ...args];
  const errors: string[] = [];
  let said = "";
  let child: ChildProcess;
  let [isAway, isLeft, isStale] = [false, false, false];
  let settle: (how: "well" | "gave up") => void = () => undefined;
  const finished = new Promise<"well" | "gave up">((done) => (settle = done));
  const lastLine = (): string => said.trim().split("\n").at(-1) ?? "";
  const launch = (): void => {
    said = "";
    isStale = false;
    child = spawn(program, words, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ...env, SWATH_STORM_CLOCK: clock },
    });
    child.stderr?.on("data", (data: Buffer) => (said = (said + data.toString()).slice(-4000)));
    const own = child;
    child.once("close", (code) => void onEnd(own, code));
  };
  const onEnd = async (own: ChildProcess, code: number | null): Promise<void> => {
    if (own !== child || isAway) return;
    if (isLeft || (code === 0 && isFinal)) return settle("well");
    // What it did well was for a run that is no more.
    if (code === 0) return isStale ? launch() : undefined;
    errors.push(code === null ? `ended by a signal nobody sent; ${lastLine()}` : lastLine());
    if (errors.length >= mostErrors) return settle("gave up");
    onError?.();
    await sleep(500);
    // As a supervisor does, or a person who reads the line.
    if (!isLeft) launch();
    else settle("well");
  };
  launch();
  return {
    name,
    finished,
    errors: () => errors,
    lastLine,
    setClock: (offset) => writeFileSync(clock, `${offset}`),
    async kill(awayMs) {
      if (isAway || isLeft || child.exitCode !== null || child.signalCode !== null) return;
      isAway = true;
      const gone = new Promise((done) => child.once("close", done));
      child.kill("SIGKILL");
      await gone;
      await sleep(awayMs);
      isAway = false;
      if (isLeft) settle("well");
      else launch();
    },
    async freeze(ms) {
      if (isAway || child.exitCode !== null) return;
      const own = child;
      own.kill("SIGSTOP");
      await sleep(ms);
      own.kill("SIGCONT");
    },
    again() {
      if (!isAway && !isLeft && child.exitCode === 0) launch();
      else isStale = true;
    },
    leaveAlone() {
      isLeft = true;
      const runs = !isAway && child.exitCode === null && child.signalCode === null;
      if (!runs) settle("well");
      return runs;
    },
    stop() {
      isLeft = true;
      child.kill("SIGCONT");
      child.kill("SIGKILL");
    },
  };
};
