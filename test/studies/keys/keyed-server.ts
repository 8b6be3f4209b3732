import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findNatsServer } from "../../../pipeline/bus/server-binary.ts";

/** A nats-server with the configuration of a folder of keys, on loopback and any free port. */
export interface KeyedServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts it. The configuration is as `swath keys init` made it, but for where it listens. */
export const startKeyedServer = async (folder: string): Promise<KeyedServer> => {
  const made = await readFile(join(folder, "nats-server.conf"), "utf8");
  const conf = made.replace('listen: "0.0.0.0:4222"', 'listen: "127.0.0.1:-1"');
  await writeFile(
    join(folder, "test.conf"),
    `${conf}\nports_file_dir: "${folder}"\nlog_file: "${folder}/log"\n`,
  );
  const child = spawn(findNatsServer(process.env["PATH"] ?? ""), ["-c", "test.conf"], {
    cwd: folder,
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  for (let waited = 0; waited < 15_000; waited += 20) {
    const ports = (await readdir(folder)).find((name) => name.endsWith(".ports"));
    const text = ports === undefined ? "" : await readFile(join(folder, ports), "utf8");
    const url = /"(nats:\/\/[^"]*:\d+)"/.exec(text)?.[1];
    if (url !== undefined) {
      return {
        url,
        async [Symbol.asyncDispose]() {
          child.kill("SIGTERM");
          await gone;
        },
      };
    }
    if (child.exitCode !== null) break;
    await sleep(20);
  }
  child.kill("SIGKILL");
  throw new Error(
    `nats-server did not start: ${await readFile(join(folder, "log"), "utf8").catch(() => "no log")}`,
  );
};
