import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../pipeline/package.ts";
import { main, scratch, start } from "../integration/swath.ts";

const isLong = process.env["SWATH_LONG"] !== undefined;
if (!isLong) console.log("test/cli/interrupt.test.ts: most commands are left out: SWATH_LONG is not set");

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true }));

const interruptModule = pathToFileURL(join(packageRoot, "dist/cli/interrupt.js")).href;

/** What a command may be at when it is told to stop. */
const states = {
  "a loop that never waits": "const until = Date.now() + 20_000; while (Date.now() < until);",
  "native code": "pbkdf2Sync('a', 'b', 60_000_000, 64, 'sha512');",
  "native code on another thread": `new Worker("require('node:crypto').pbkdf2Sync('a', 'b', 60_000_000, 64, 'sha512')", { eval: true, execArgv: [] });
    await new Promise((_, no) => signal.addEventListener("abort", no, { once: true }));`,
  "clean-up that does not end": "await new Promise((done) => setTimeout(done, 20_000));",
};

const program = (body: string): string => `
  import { pbkdf2Sync } from "node:crypto";
  import { setTimeout as sleep } from "node:timers/promises";
  import { Worker } from "node:worker_threads";
  import { interruptible, leave } from ${JSON.stringify(interruptModule)};
  try {
    await interruptible(async (signal) => { await sleep(300); console.log("at work"); ${body} });
  } catch (error) { await leave(error.exitCode); }
`;

/** As shells have it. */
const codeOf = (child: ChildProcess): number | null =>
  child.signalCode === null ? child.exitCode : 128 + constants.signals[child.signalCode];

/** The exit code after a signal, and how long it took; s. */
const stop = async (child: ChildProcess, name: NodeJS.Signals = "SIGINT") => {
  const asked = performance.now();
  const gone = once(child, "exit");
  child.kill(name);
  await gone;
  return { code: codeOf(child), took: (performance.now() - asked) / 1000 };
};

/** Each signal at what each may be at, with the exit code that shells know. */
const asked = Object.entries(states).flatMap(([state, body]) =>
  Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const).map(
    ([signal, code]) => [signal as NodeJS.Signals, state, body, code] as const,
  ),
);
/** The short form: every state, and every signal. */
const some = asked.filter(([signal, state]) => signal === "SIGINT" || state === "a loop that never waits");

describe("Ctrl-C, SIGTERM and a closed terminal end a command within two seconds", () => {
  it.concurrent.each(isLong ? asked : some)("%s at %s", async (signal, _, body, wanted) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program(body)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await sleep(100);
    const { code, took } = await stop(child, signal);
    expect(code).toBe(wanted);
    expect(took).toBeLessThan(2.5); // The machine may be busy: 1.7 s, and what it takes to notice.
  });

  it.concurrent("that plans three thousand satellites, and says so", async () => {
    const words = "plan --constellation walker:3000 --hours 24 --stations ksat";
    const { child, finished } = start(words.split(" "), folder);
    await once(child.stderr as NonNullable<typeof child.stderr>, "data");
    const { code, took } = await stop(child);
    expect(code).toBe(130);
    expect(took).toBeLessThan(2.5);
    expect((await finished).stderr).toMatch(/swath: interrupted\n$/);
  });
});

const declared = join(packageRoot, "examples/declared-8b.yaml");
const fleet = `simulate --workload ${declared} --policy detect --constellation walker:400 --spacecraft three-body --hours 24`;
const commands = [
  "plan --constellation walker:3000 --hours 24 --rule highest",
  `${fleet} --out simulated`,
  "sweep examples/sweep.yaml --out swept",
  "cues --constellation walker:200 --stations ksat --acquisitions 50000",
  "model check ships-s2 builtin:harbour",
  "compare builtin:harbour --out compared",
  "demo --out shown",
  "serve --runs served --port 0",
];

describe.runIf(isLong)("whatever it is at", () => {
  it.each(commands)(
    "%s",
    async (words) => {
      cpSync(join(packageRoot, "examples"), join(folder, "examples"), { recursive: true });
      for (let delay = 250; delay < 8_000; delay *= 1.6) {
        const child = spawn(process.execPath, [main, ...words.split(" ")], { cwd: folder, stdio: "ignore" });
        await Promise.race([sleep(delay), once(child, "exit")]);
        if (child.exitCode !== null) break;
        const { code, took } = await stop(child);
        expect([0, 130]).toContain(code);
        if (!words.startsWith("serve")) expect(code).toBe(130);
        expect(took).toBeLessThan(2.5);
      }
    },
    120_000,
  );
});
