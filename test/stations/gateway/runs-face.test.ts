import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeColumns } from "../../../pipeline/column-file.ts";
import type { MissionHead } from "../../../pipeline/mission/mission-head.ts";
import type { Gateway } from "../../../stations/gateway/gateway.ts";
import { runsFace } from "../../../stations/gateway/runs-face.ts";
import type { RunEntry } from "../../../stations/gateway/run-catalogue.ts";
import { folderSink, type RecordSink } from "../../../studies/record/record-sink.ts";
import { workFolder } from "../../../studies/record/work-folder.ts";
import { runFolders } from "../../../studies/serve/run-folders.ts";
import { smallRecord, tellPicture } from "../../studies/record/small-record.ts";
import { gatewayOf } from "./answers.ts";
import { listenTo } from "./event-client.ts";
import { writeFixtureRun } from "./run-folder.ts";

let out: string;
let gateway: Gateway;
beforeEach(async () => {
  out = mkdtempSync(join(tmpdir(), "swath-runs-"));
  // A list holds for no time at all: tests look at once.
  gateway = await gatewayOf([runsFace(runFolders(out, { listForMs: 0 }))]);
});
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.settled();
  await gateway[Symbol.asyncDispose]();
  rmSync(out, { recursive: true });
});

const ask = (path: string): Promise<Response> => fetch(`${gateway.url}/api/runs${path}`);
const list = async (): Promise<readonly RunEntry[]> =>
  ((await (await ask("")).json()) as { readonly runs: readonly RunEntry[] }).runs;
const head = async (run: string): Promise<MissionHead> =>
  (await (await ask(`/${run}/mission`)).json()) as MissionHead;
const problem = async (path: string): Promise<string> => {
  const response = await ask(path);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  return `${response.status} ${((await response.json()) as { readonly detail: string }).detail}`;
};

const sinks: RecordSink[] = [];

/** A record that grows, and the sink that it grows in. */
const atWork = async (run: string) => {
  const sink = folderSink(join(out, run), (text) => {
    throw new Error(text);
  });
  sinks.push(sink);
  const recorder = await smallRecord(run, sink);
  await sink.flushed();
  return { sink, recorder };
};

describe("the runs of a gateway", () => {
  it("are none where there is no folder", async () => {
    rmSync(out, { recursive: true });
    expect(await list()).toEqual([]);
    mkdirSync(out);
    expect(await problem("/nobody")).toMatch(/^404 no run "nobody"/);
  });

  it("are shown while they are at work: the record grows, its listeners are told, and it goes when the run is written", async () => {
    const { sink, recorder } = await atWork("compare-1");
    expect(await list()).toMatchObject([
      { run: "compare-1", kind: "run", state: "at work", mission: true, report: false },
    ]);
    using client = await listenTo(`${gateway.url}/api/runs/compare-1/live`);
    await client.until((seen) => seen.length > 0);
    const satellites = (await head("compare-1")).satellites;
    tellPicture(recorder.begin("chips"), satellites, 600);
    await sink.flushed();
    await client.until((seen) => seen.length > 1);
    const grown = await head("compare-1");
    const [policy] = grown.policies;
    expect(policy).toMatchObject({ state: "at work", through_s: 600, body_through_s: 600 });
    const [part] = policy?.events ?? [];
    const file = await ask(`/compare-1/mission/${part?.file}`);
    expect(file.headers.get("Content-Type")).toBe("application/vnd.swath.columns");
    const { tables } = decodeColumns(new Uint8Array(await file.arrayBuffer()));
    expect(Object.keys(tables).toSorted()).toEqual(["captures", "computes", "products"]);
    expect(Array.from(tables["products"]?.columns["bytes"] ?? [])).toEqual([120]);
    await recorder.discard();
    await client.ended;
    expect(client.seen.at(-1)).toMatchObject({ event: "end" });
    expect(await list()).toEqual([]);
  });

  it("serve what the head names, and no other file", async () => {
    await atWork("compare-1");
    expect((await ask("/compare-1/mission/plan-contacts.bin")).status).toBe(200);
    for (const name of [
      "head.json",
      "plan-nothing.bin",
      "..%2Fhead.json",

      "chips/events-0.bin",
    ])
      expect(await problem(`/compare-1/mission/${name}`), name).toMatch(/^404 no file/);
    expect(await problem("/..%2F..%2Fetc/mission")).toMatch(/^404 no run/);
    expect(await problem("/compare-1/report")).toMatch(
      /^404 no report of compare-1; it is written when the run ends/,
    );
  });

  it("that failed say why, and what they came to can be looked at; those that are silent were interrupted", async () => {
    const failed = await atWork("compare-1");
    failed.recorder.begin("chips");
    await failed.recorder.fail("station Svalbard is silent");
    const silent = await atWork("compare-2");
    await silent.sink.settled();
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(workFolder(join(out, "compare-2")), "head.json"), old, old);
    const states = new Map((await list()).map(({ run, state }) => [run, state]));
    expect(states).toEqual(
      new Map([
        ["compare-1", "failed"],
        ["compare-2", "interrupted"],
      ]),
    );
    expect(await head("compare-1")).toMatchObject({
      state: "failed",
      failure: "station Svalbard is silent",
      policies: [{ state: "failed" }],
    });
  });

  it("that are half there are listed with what is missing", async () => {
    const { name } = writeFixtureRun(out);
    const recorder = await smallRecord(name, null);
    const policy = recorder.begin("chips");
    tellPicture(policy, ["walker-1-1", "walker-1-2"], 3600);
    policy.close();
    for (const { path, content } of recorder.files()) {
      mkdirSync(dirname(join(out, name, path)), { recursive: true });
      writeFileSync(join(out, name, path), content);
    }
    writeFileSync(join(out, name, "report.html"), "<script>1</script>");
    const [whole] = await list();
    expect(whole).toMatchObject({ run: name, state: "finished", mission: true, report: true, missing: [] });
    const report = await ask(`/${name}/report`);
    expect(report.headers.get("Content-Security-Policy")).toMatch(/^sandbox allow-scripts/);
    const { summary } = (await (await ask(`/${name}`)).json()) as { readonly summary: unknown };
    expect(summary).toEqual(JSON.parse(readFileSync(join(out, name, "summary.json"), "utf8")));
    rmSync(join(out, name, "mission", "chips", "events-0.bin"));
    rmSync(join(out, name, "report.html"));
    mkdirSync(join(out, "torn"));
    const byName = new Map((await list()).map((entry) => [entry.run, entry]));
    expect(byName.get(name)).toMatchObject({
      state: "incomplete",
      missing: ["report.html", "mission/chips/events-0.bin"],
    });
    expect(byName.get("torn")).toMatchObject({ state: "incomplete", kind: null, missing: ["summary.json"] });
    expect(await problem("/torn/mission")).toMatch(/^404 no mission record of torn/);
  });

  it("show chips that were sent down, by acquisition and detection", async () => {
    await atWork("compare-1");
    const chip = join(workFolder(join(out, "compare-1")), "chips", "chips", "genoa", "0-3.webp");
    mkdirSync(dirname(chip), { recursive: true });
    writeFileSync(chip, "RIFF");
    const sent = await ask("/compare-1/chips/chips/0/3");
    expect(sent.headers.get("Content-Type")).toBe("image/webp");
    expect(await sent.text()).toBe("RIFF");
    expect(await problem("/compare-1/chips/chips/0/4")).toMatch(
      /^404 no chip of detection 4 of acquisition 0; it was not sent down/,
    );
    expect(await problem("/compare-1/chips/raw/0/3")).toMatch(/^404/);
    expect(await problem("/compare-1/chips/chips/0/x")).toMatch(
      /^400 detection: wanted a whole number, got "x"/,
    );
  });
});
