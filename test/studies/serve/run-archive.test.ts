import { cpSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { anyDetection } from "../../../stations/archive/detection-query.ts";
import { runArchive } from "../../../studies/serve/run-archive.ts";
import { writeFixtureRun } from "../../stations/gateway/run-folder.ts";

describe("the folders of finished runs", () => {
  it("come and go; what is half there, of another release or there twice is named once and disturbs nothing", async () => {
    const notes: string[] = [];
    let now = 0;
    const fixture = writeFixtureRun();
    const { out, run, count } = fixture;
    const half = writeFixtureRun(out, { name: "cut", id: "replay-cut", count: 4 });
    truncateSync(join(out, "cut", "detect", "detections.parquet"), 2000);
    writeFixtureRun(out, { name: "bare", id: "replay-bare", count: 4 });
    rmSync(join(out, "bare", "summary.json"));
    writeFixtureRun(out, { name: "later", id: "replay-later", count: 4 });
    writeFileSync(join(out, "later", "summary.json"), '{"schema":"swath-summary/99"}');
    cpSync(join(out, fixture.name), join(out, "twin"), { recursive: true });
    mkdirSync(join(out, ".tmp-half"));
    const runs = runArchive(out, { note: (text) => notes.push(text), clock: () => now });
    const look = async (): Promise<readonly string[]> => {
      now += 1000;
      await runs.refresh();
      return runs.archive.runs().map((one) => `${one.run} ${one.detections}`);
    };
    expect(await look()).toEqual([`${run} ${count}`]);
    expect(notes.toSorted().map((note) => note.replaceAll(out, "OUT"))).toEqual([
      expect.stringMatching(/^run bare left out: no run in OUT\/bare: wanted a summary.json, got none/),
      expect.stringMatching(
        /^run cut left out: OUT\/cut\/detect\/detections.parquet cannot be read as Parquet/,
      ),
      expect.stringMatching(/^run later left out: .*swath-summary/),
      `run twin left out: ${fixture.name} is the same run, ${run}`,
    ]);
    await look();
    expect(notes).toHaveLength(4);
    rmSync(join(out, half.name), { recursive: true });
    writeFixtureRun(out, { name: half.name, id: "replay-cut", count: 5 });
    expect(await look()).toEqual([`${run} ${count}`, "replay-cut-detect 6"]);
    rmSync(join(out, half.name), { recursive: true });
    expect(await look()).toEqual([`${run} ${count}`]);
    expect(runs.archive.count(anyDetection)).toBe(count);
    expect(runs.scenes.origins().map((origin) => origin.run)).toEqual([run]);
  });
});
