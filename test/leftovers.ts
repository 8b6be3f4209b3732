import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * Around a whole run of tests: whatever Swath makes for itself, processes and temporary files, must be gone when the last test is. Streams and buckets are
 * looked at where servers are shared by tests (`natsForTests`); what a private server kept goes with its folder, which is looked at here.
 */

/** Begins the names of what the program itself makes in the temporary folder; tests have names of their own. */
const ours = /^(swath-(nats|spool|fetched|verify)-|\.adding-|.*\.partial-)/;

/** Stands in the environment of every process that tests start. */
const mark = "SWATH_TEST_RUN";

/** Command lines of processes that tests started, whoever their parent is by now; none on systems that do not tell. */
const startedBy = (run: string): readonly string[] => {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        if (!environment.includes(`${mark}=${run}\0`)) return [];
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return [`${pid} ${words.join(" ").trim()}`];
      } catch {
        return []; // It has ended meanwhile, or is somebody else's.
      }
    })
    .filter((line) => /nats-server|\/swath\.js|\/cli\/main\.js|switch\.py/.test(line));
};

/** "": another project of the same run looks after it. */
let folder = "";

/** Gives the run a temporary folder of its own, and marks what it starts. Called once for each project of the configuration. */
export const setup = (): void => {
  if (process.env[mark] !== undefined) return;
  const parent = tmpdir();
  folder = mkdtempSync(join(parent, "swath-tests-"));
  process.env["SWATH_TEST_CACHE"] ??= parent;
  process.env["TMPDIR"] = folder;
  process.env[mark] = folder;
};

/** Throws where something is left. */
export const teardown = async (): Promise<void> => {
  if (folder === "") return;
  // A server that was told to stop may need a moment.
  for (let waited = 0; waited < 5000 && startedBy(folder).length > 0; waited += 100)
    await new Promise((done) => setTimeout(done, 100));
  const processes = startedBy(folder);
  const files = readdirSync(folder).filter((name) => ours.test(name));
  rmSync(folder, { recursive: true, force: true });
  for (const line of processes) process.kill(Number.parseInt(line, 10), "SIGKILL");
  if (processes.length + files.length === 0) return;
  // An error while closing alone would leave the exit code as it is.
  process.exitCode = 1;
  throw new Error(`tests left behind: ${[...processes, ...files].join("; ")}`);
};
