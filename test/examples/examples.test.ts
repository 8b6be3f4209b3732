import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parseSummary } from "../../measure/summary/run-summary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const quickstart = readFileSync(join(root, "test/examples/quickstart.sh"), "utf8");

describe("the README", () => {
  it("shows the quick start word for word", () => {
    expect(readme).toContain(quickstart.trim());
  });

  it("shows a quick start that works", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "swath-example-"));
    const shell = `set -euo pipefail\nswath() { "${process.execPath}" "${root}/dist/bin/swath.js" "$@"; }\n${quickstart}`;
    const { stdout } = await promisify(execFile)("bash", ["-c", shell], {
      cwd,
      env: { ...process.env, XDG_CACHE_HOME: join(tmpdir(), "swath-test-cache") },
    });
    expect(stdout).toMatch(/detect sends [\d.]+ % of the lossless raw imagery/);
    const folder = /^report +(runs\/\S+)\/report\.html$/m.exec(stdout)?.[1] ?? "";
    const summary = parseSummary(JSON.parse(readFileSync(join(cwd, folder, "summary.json"), "utf8")));
    expect(summary.policies[0]?.savingFraction).toBeGreaterThan(0.99);
    expect(summary.policies[0]?.detections.delivered).toBeGreaterThan(0);
  });

  it("links only to files that are there", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(() => readFileSync(join(root, link))).not.toThrow();
  });

  it("names only commands and options that exist", () => {
    const commands = readFileSync(join(root, "docs/commands.md"), "utf8");
    const blocks = [...readme.matchAll(/```(?:sh|console)\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
    const options = new Set(blocks.flatMap((block) => block.match(/(?<=\s)--[a-z][a-z-]+/g) ?? []));
    expect(options.size).toBeGreaterThan(5);
    for (const option of options) expect(commands).toContain(option);
  });
});
