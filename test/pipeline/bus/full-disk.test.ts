import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startNatsServer } from "../../../pipeline/bus/server.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-small-"));
const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]).status === 0;
if (!isMounted) console.log("test/pipeline/bus/full-disk.test.ts is left out: no small disk can be mounted");
const before = process.env["TMPDIR"];

afterAll(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  if (isMounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
});

it.runIf(isMounted)(
  "a private server whose disk fills says so within seconds",
  async () => {
    process.env["TMPDIR"] = folder;
    await using server = await startNatsServer();
    expect(server.full.aborted).toBe(false);
    const told = once(server.full, "abort");
    expect(() => writeFileSync(join(folder, "more"), new Uint8Array(9_000_000))).toThrow("ENOSPC");
    await told;
    expect(server.full.reason).toMatchObject({
      tag: "storage",
      message: expect.stringMatching(/cannot store in .*: got ENOSPC.*; free some disk space/) as string,
    });
  },
  8_000,
);
