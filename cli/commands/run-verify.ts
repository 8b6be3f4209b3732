import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { formatCountOf } from "../../pipeline/format.ts";
import { version } from "../../pipeline/package.ts";
import { compareRuns, type Finding, type Verification, verifyRun } from "../../studies/folder/verify-run.ts";
import { optionFiles } from "../../studies/run-difference.ts";
import { interruptible } from "../interrupt.ts";

interface VerifyFlags {
  readonly out: string;
  readonly json?: boolean;
  /** `true`: without a dataset. */
  readonly replay?: string | true;
}

/** Commands that read a dataset, which no run's folder names in full. */
const ofDatasets: readonly string[] = ["replay", "compare", "upsets"];

/** The command line that makes a run again: its name says which command made it. */
const commandLine = ({ folder, run, kind }: Verification, dataset: string | true, out: string): string[] => {
  const [command = ""] = run.split("-");
  const file = join(folder, optionFiles[kind]);
  if (command === "sweep") return [command, file, "--out", out];
  if (ofDatasets.includes(command) && dataset === true) {
    throw new SwathError("config", {
      what: "--replay",
      wanted: `the dataset that ${run} was flown over`,
      got: "none",
      hint: "a run's folder does not say where its dataset lies: --replay DATASET",
    });
  }
  return [command, ...(dataset === true ? [] : [dataset]), "--config", file, "--out", out];
};

const ended = (args: readonly string[], signal: AbortSignal): Promise<number | null> =>
  new Promise((done, failed) => {
    const [node, main = ""] = [process.execPath, process.argv[1]];
    // Its table is of no interest here; its progress and its errors are.
    const child = spawn(node, [main, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    const stop = (): void => void child.kill("SIGINT");
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", failed);
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      done(code);
    });
  });

/** Flies a run again, in a folder of its own, and says what came out otherwise. */
const flyAgain = async (
  verified: Verification,
  dataset: string | true,
  signal: AbortSignal,
): Promise<readonly Finding[]> => {
  const out = await mkdtemp(join(tmpdir(), "swath-verify-"));
  try {
    const args = commandLine(verified, dataset, out);
    const code = await ended(args, signal);
    signal.throwIfAborted();
    if (code !== 0) {
      throw new SwathError("config", {
        what: `swath ${args.join(" ")}`,
        wanted: "exit code 0",
        got: `${code}`,
      });
    }
    const again = join(out, verified.run);
    if (existsSync(again)) return await compareRuns(verified.folder, again);
    const made = (await readdir(out)).filter((name) => !name.startsWith("."));
    throw new SwathError("config", {
      what: `${verified.run} cannot be made again`,
      wanted: "what was read then: the same dataset, model, orbits and options",
      got: `another run, ${made.join(", ")}`,
    });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
};

const lines = (findings: readonly Finding[]): string =>
  findings.map(({ path, what }) => `  ${path}: ${what}\n`).join("");

const verify = async (run: string, { out, json, replay }: VerifyFlags): Promise<void> =>
  interruptible(async (signal) => {
    const verified = await verifyRun(run, out);
    const { folder, findings, sound, swath, commit } = verified;
    const again = replay === undefined ? null : await flyAgain(verified, replay, signal);
    if (json === true) process.stdout.write(canonicalText({ ...verified, replayed: again }));
    else {
      const release = `written by ${swath}${commit === null ? "" : `, commit ${commit.slice(0, 12)}`}`;
      const files = `${formatCountOf(sound, "file")} as they were written, ${release}`;
      process.stdout.write(`${folder}: ${files}\n${lines(findings)}`);
      if (again?.length === 0) console.log(`flown again by ${version}: the same bytes in every file`);
      else if (again !== null) process.stdout.write(`flown again by ${version}:\n${lines(again)}`);
    }
    const wrong = findings.length + (again?.length ?? 0);
    if (wrong > 0) {
      throw new SwathError("storage", {
        what: `${verified.run} does not verify`,
        got: wrong === 1 ? "one finding" : formatCountOf(wrong, "finding"),
      });
    }
  });

/** `swath run verify`: whether a run's folder is as it was written, and comes out so again. */
export const runVerifyCommand = (): Command =>
  new Command("verify")
    .description("Compare a run's folder with the digests that were written with it; fly it again on request")
    .argument("<run>", "name, its beginning, or a folder")
    .option("--out <folder>", "where run folders are", "runs")
    .option("--replay [dataset]", "fly it again and compare every file; the dataset where it had one")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ swath run verify compare-3f2a\n  $ swath run verify compare-3f2a --replay ships/",
    )
    .action(verify);
