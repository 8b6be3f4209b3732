import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main, scratch, swath } from "../integration/swath.ts";
import { writeFixtureRun } from "../stations/gateway/run-folder.ts";

const fixture = writeFixtureRun();
const folder = scratch();

describe("swath detections export, as a process", () => {
  it("writes a file whole, and says in one line why not, leaving nothing behind", async () => {
    const to = join(folder, "tugs.geojson");
    const done = await swath(["detections", "export", `--runs=${fixture.out}`, "--class=tug", `--to=${to}`]);
    expect([done.code, done.stdout]).toEqual([0, ""]);
    const { features } = JSON.parse(readFileSync(to, "utf8")) as {
      readonly features: readonly { readonly properties: { readonly class: string } }[];
    };
    expect(features.length).toBeGreaterThan(3);
    expect(new Set(features.map(({ properties }) => properties.class))).toEqual(new Set(["tug"]));

    const refused = await swath([
      "detections",
      "export",
      `--runs=${fixture.out}`,
      `--to=${join(folder, "nowhere", "all.csv")}`,
    ]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^swath: \S+all\.csv not written: got ENOENT.*\n$/);
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  it("goes into a pipe, also one that has had enough", () => {
    const taken = execFileSync(
      "sh",
      ["-c", `node "$0" detections export --runs="$1" --format=csv | head -c 20; echo`, main, fixture.out],
      { encoding: "utf8" },
    );
    expect(taken.trim()).toHaveLength(20);
  });
});
