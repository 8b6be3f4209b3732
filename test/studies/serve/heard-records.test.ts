import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openVoice } from "../../../pipeline/bus/run-bus.ts";
import { busRunOf, eventSubject } from "../../../pipeline/bus/subjects.ts";
import { encodeEventMessage } from "../../../pipeline/mission/event-message.ts";
import { busSink } from "../../../studies/record/bus-sink.ts";
import { bothCatalogues, heardFolder, hearRecords } from "../../../studies/serve/heard-records.ts";
import { runFolders } from "../../../studies/serve/run-folders.ts";
import { ownBus } from "../../pipeline/bus/fixture.ts";
import { smallRecord, tellPicture } from "../record/small-record.ts";

const run = "compare-00000001";

describe("the record of a run on another machine", () => {
  it("is shown by a gateway that hears its NATS: at work, grown, finished; what leads out of it is refused", async () => {
    await using own = await ownBus();
    const name = busRunOf(run, "a1");
    const runs = mkdtempSync(join(tmpdir(), "swath-heard-"));
    const notes: string[] = [];
    const stop = new AbortController();
    const hearing = hearRecords(own.bus, runs, { note: (text) => notes.push(text) }, stop.signal);
    const catalogue = bothCatalogues(
      runFolders(runs, { listForMs: 0 }),
      runFolders(heardFolder(runs), { listForMs: 0 }),
    );
    const states = async () => (await catalogue.list()).map((one) => [one.run, one.state]);
    expect(await states()).toEqual([]);

    const sink = busSink(own.bus, name, (text) => notes.push(text));
    const recorder = await smallRecord(run, sink);
    await expect.poll(states, { timeout: 10_000 }).toEqual([[run, "at work"]]);
    const policy = recorder.begin("chips");
    tellPicture(policy, ["walker-1-1", "walker-1-2"], 600);
    const head = async () =>
      JSON.parse(Buffer.from((await catalogue.head(run)) ?? Buffer.from("{}")).toString()) as {
        readonly policies?: readonly {
          readonly state: string;
          readonly events: readonly { file: string }[];
        }[];
      };
    await expect.poll(async () => (await head()).policies?.[0]?.state).toBe("at work");

    await using voice = openVoice(own.bus, name);
    const outside = encodeEventMessage({ kind: "file", path: "../../../evil", content: Buffer.from("x") });
    await voice.publish(eventSubject(name, "mission-control"), outside, "evil");
    policy.close();
    await recorder.complete();
    await expect.poll(states, { timeout: 10_000 }).toEqual([[run, "finished"]]);
    for (const { file } of (await head()).policies?.[0]?.events ?? [])
      expect(await catalogue.part(run, file)).not.toBeNull();
    expect(existsSync(join(runs, "evil"))).toBe(false);
    expect(notes).toEqual([
      `left out of the record of ${run}: a file of a mission record: wanted a path within the record, got "../../../evil"`,
    ]);
    stop.abort();
    await hearing;
    expect(readFileSync(join(heardFolder(runs), `.${run}.mission`, "head.json"), "utf8")).toContain(
      '"finished"',
    );
  });
});
