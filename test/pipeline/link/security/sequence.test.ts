import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reserveBlock } from "../../../../pipeline/link/security/counter-file.ts";
import { reservedAtOnce, reservedNumbers } from "../../../../pipeline/link/security/sequence.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "swath-counter-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const numbers = () => reservedNumbers("W01", () => reserveBlock(folder, "W01.1.down"));

describe("sequence numbers", () => {
  it("go on above all that was reserved after a crash, and never come back", () => {
    const first = numbers();
    const given = Array.from({ length: reservedAtOnce + 5 }, () => first.next());
    expect(given).toEqual(given.map((_, at) => at));
    // The sender dies without a word; its successor has the folder alone.
    const second = numbers();
    expect(second.next()).toBe(2 * reservedAtOnce);
    expect(numbers().next()).toBe(3 * reservedAtOnce);
  });

  it("end at 2³²: no wrap, but a line that asks for a new key", async () => {
    await writeFile(join(folder, `W01.1.down.${2 ** 32 / reservedAtOnce - 2}`), "");
    const last = numbers();
    let number = last.next();
    expect(number).toBe(2 ** 32 - reservedAtOnce);
    for (let i = 1; i < reservedAtOnce; i++) number = last.next();
    expect(number).toBe(2 ** 32 - 1);
    expect(() => last.next()).toThrow(/used up its sequence numbers.*swath keys roll/);
    expect(() => numbers().next()).toThrow(/used up/);
  });

  it("leave one small file a sender behind, and mind no other's", async () => {
    for (let i = 0; i < 5; i++) reserveBlock(folder, "W01.1.down");
    expect(reserveBlock(folder, "W01.1.up.Svalbard")).toBe(0);
    expect(reserveBlock(folder, "W01.1")).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(["W01.1.0", "W01.1.down.4", "W01.1.up.Svalbard.0"]);
  });

  it("are given once when processes start at the same moment", async () => {
    const module = pathToFileURL(join(process.cwd(), "dist/pipeline/link/security/counter-file.js")).href;
    const script = `import { reserveBlock } from ${JSON.stringify(module)};
      const out = []; for (let i = 0; i < 40; i++) out.push(reserveBlock(${JSON.stringify(folder)}, "x"));
      console.log(out.join(" "));`;
    const run = promisify(execFile);
    const node = () => run(process.execPath, ["--input-type=module", "-e", script]);
    const said = await Promise.all([node(), node(), node()]);
    const blocks = said.flatMap(({ stdout }) => stdout.trim().split(" ").map(Number));
    expect(blocks).toHaveLength(120);
    expect(new Set(blocks).size).toBe(120);
  });

  it.skipIf(process.getuid?.() === 0)("are refused where they cannot be written down", async () => {
    await chmod(folder, 0o500);
    expect(() => numbers().next()).toThrow(/cannot write down .* which link numbers are used/);
    await chmod(folder, 0o700);
  });
});
