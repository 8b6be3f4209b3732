import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ResultMessage } from "../../../pipeline/mission/result-message.ts";
import { bytes } from "../../../pipeline/units.ts";
import { detectionFeature, encodeGeoJson } from "../../../stations/archive/detection-geojson.ts";
import { openJournal } from "../../../stations/subscribers/folder-journal.ts";
import { type Journal, textOf } from "../../../stations/subscribers/journal.ts";
import { heard, result } from "./results.ts";

const scratch = (): string => mkdtempSync(join(tmpdir(), "swath-journal-"));
const noted: string[] = [];
const open = (folder: string, keep = 1e9): Promise<Journal> =>
  openJournal({ folder, keep: bytes(keep), note: (text) => noted.push(text) });

const everything = async (journal: Journal, from = 1) => {
  const found = [];
  let gaps = 0;
  for (let next = from; next <= journal.head;) {
    const part = await journal.read(next);
    found.push(...part.entries);
    if (part.isGap) gaps += 1;
    next = part.next;
  }
  return { ids: found.map((entry) => entry.result.id), seqs: found.map(({ seq }) => seq), gaps, found };
};

const run = "replay-00000000-detect";
const source = { name: "stream-1", run, startedMs: 1000 };
const ten = Array.from({ length: 10 }, (_, n) => result(n));
const idsOf = (results: readonly { readonly id: string }[]) => results.map(({ id }) => id);

describe("a journal", () => {
  it("numbers what it hears, and gives it again after a restart", async () => {
    const folder = scratch();
    const journal = await open(folder);
    journal.openSource(source);
    expect(journal.append("stream-1", heard(ten)).map(({ seq }) => seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    const first = await everything(journal);
    expect(first.ids).toEqual(idsOf(ten));
    journal.close();
    const again = await open(folder);
    expect([again.id, again.head, again.lastOf("stream-1")]).toEqual([journal.id, 10, 10]);
    expect((await everything(again, 4)).seqs).toEqual([4, 5, 6, 7, 8, 9, 10]);
    again.close();
  });

  it("passes on text alone: octets that are none become the sign for them", async () => {
    const journal = await open(scratch());
    journal.openSource(source);
    const odd = Buffer.concat(heard([result(1, { scene: "?" })]).map(({ data }) => data));
    odd[odd.indexOf("?")] = 0xff;
    const [entry] = journal.append("stream-1", [{ seq: 1, data: odd }]);
    expect(Buffer.from(entry?.data ?? []).toString()).toContain('"scene":"\ufffd"');
    expect(entry?.data).toEqual(Buffer.from(textOf(entry as { data: Uint8Array })));
    journal.close();
  });

  it("gives no number twice after a power cut, which may have taken what was sent last", async () => {
    const folder = scratch();
    const journal = await open(folder);
    journal.openSource(source);
    journal.append("stream-1", heard(ten));
    // As a machine that was started an hour ago left it, with the last three lines not written.
    const manifest = JSON.parse(readFileSync(join(folder, "journal.json"), "utf8")) as { bootedMs: number };
    journal.close();
    const cut = { ...manifest, bootedMs: manifest.bootedMs - 3_600_000 };
    writeFileSync(join(folder, "journal.json"), JSON.stringify(cut));
    const [log = ""] = readdirSync(folder).filter((name) => name.endsWith(".log"));
    const lines = readFileSync(join(folder, log), "utf8").split("\n");
    writeFileSync(join(folder, log), lines.slice(0, 7).join("\n") + "\n");
    const again = await open(folder);
    expect(again.head).toBe(1_000_007);
    const [first] = again.append("stream-1", heard(ten.slice(7), 8));
    expect(first?.seq).toBe(1_000_008);
    const { ids, gaps } = await everything(again);
    expect([ids, gaps]).toEqual([idsOf(ten), 1]);
    again.close();
    // Closed well, or on the same start of the machine: numbers go on.
    const third = await open(folder);
    expect(third.head).toBe(1_000_010);
    third.close();
  });

  it("hears twice once: the same number, the same detection under another number, and both after a restart", async () => {
    const folder = scratch();
    const journal = await open(folder);
    journal.openSource(source);
    journal.append("stream-1", heard(ten));
    expect(journal.append("stream-1", heard(ten.slice(5), 6))).toEqual([]);
    expect(journal.append("stream-1", heard(ten, 11))).toEqual([]);
    journal.close();
    const again = await open(folder);
    again.openSource(source);
    expect(again.append("stream-1", heard(ten, 21))).toEqual([]);
    expect(again.append("stream-1", heard([result(10)], 31)).map(({ seq }) => seq)).toEqual([11]);
    again.close();
  });

  it("cuts off what a crash left of a line, and goes on", async () => {
    const folder = scratch();
    const journal = await open(folder);
    journal.openSource(source);
    journal.append("stream-1", heard(ten));
    journal.close();
    const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".log"));
    appendFileSync(join(folder, file), 'stream-1\t11\t{"schema":"swath-res');
    const again = await open(folder);
    expect(again.head).toBe(10);
    again.append("stream-1", heard([result(10)], 11));
    expect((await everything(again)).ids).toEqual(idsOf([...ten, result(10)]));
    again.close();
  });

  it("lets a run that is started again replace what its last start said, whichever is heard first", async () => {
    const journal = await open(scratch());
    journal.openSource(source);
    journal.append("stream-1", heard(ten));
    journal.openSource({ name: "stream-2", run, startedMs: 2000 });
    journal.append("stream-2", heard(ten.slice(0, 3)));
    expect((await everything(journal)).seqs).toEqual([11, 12, 13]);
    expect(journal.append("stream-1", heard([result(99)], 11))).toEqual([]);
    journal.close();
    const other = await open(scratch());
    other.openSource({ name: "stream-2", run, startedMs: 2000 });
    other.openSource(source);
    expect(other.append("stream-1", heard(ten))).toEqual([]);
    other.close();
  });

  it("leaves out and names what is no result", async () => {
    const journal = await open(scratch());
    journal.openSource(source);
    const odd = { seq: 1, data: Buffer.from('{"schema":"swath-result/9"}') };
    const spaced = { seq: 2, data: Buffer.from(JSON.stringify(result(1), null, 1)) };
    expect(journal.append("stream-1", [odd, spaced]).map((entry) => entry.result.id)).toEqual([result(1).id]);
    expect(noted.join()).toMatch(/left out: message is no result of this release/);
    expect((await everything(journal)).ids).toEqual([result(1).id]);
    journal.close();
  });

  it("drops the oldest beyond what it keeps, says so, and gives no number twice", async () => {
    const folder = scratch();
    const journal = await open(folder, 1e6);
    journal.openSource(source);
    const padding = "x".repeat(400);
    for (let from = 0; from < 5000; from += 500) {
      const some = Array.from({ length: 500 }, (_, n) => result(from + n, { scene: padding }));
      journal.append("stream-1", heard(some, from + 1));
    }
    expect(journal.first).toBeGreaterThan(1000);
    const { seqs, gaps } = await everything(journal);
    expect([seqs[0], seqs.at(-1), seqs.length, gaps]).toEqual([journal.first, 5000, 5001 - journal.first, 1]);
    journal.close();
    const again = await open(folder, 1e6);
    expect([again.first, again.head]).toEqual([journal.first, 5000]);
    again.close();
    rmSync(folder, { recursive: true });
  });
});

describe("finished runs in a journal", () => {
  const folderOf = (results: ReturnType<typeof result>[]) => {
    const folder = join(scratch(), "detect");
    mkdirSync(folder);
    const path = join(folder, "detections.geojson");
    writeFileSync(path, encodeGeoJson(results.map(detectionFeature)));
    return path;
  };

  it("stay where they are, and read as they were published", async () => {
    const folder = scratch();
    const journal = await open(folder);
    const path = folderOf(ten);
    expect(await journal.addFinished(path, 5000)).toEqual([]);
    expect(await journal.addFinished(path, 5000)).toEqual([]);
    expect([journal.head, [...journal.classes], [...journal.runs]]).toEqual([10, ["ship"], [run]]);
    expect((await everything(journal)).found.map((entry) => JSON.parse(textOf(entry)))).toEqual(ten);
    journal.close();
    const again = await open(folder);
    expect((await everything(again, 8)).seqs).toEqual([8, 9, 10]);
    again.close();
    rmSync(path);
    const without = await open(folder);
    expect(await everything(without)).toMatchObject({ ids: [], gaps: 1 });
    expect(noted.at(-1)).toMatch(/left out: no detections in .*: wanted .*, got none/);
    without.close();
  });

  it("fill in what was not heard while they were at work, and nothing of a start before", async () => {
    const journal = await open(scratch());
    journal.openSource(source);
    journal.append("stream-1", heard(ten.slice(0, 6)));
    expect(await journal.addFinished(folderOf(ten), 500)).toEqual([]);
    const missed = await journal.addFinished(folderOf(ten), 5000);
    expect(missed.map((entry) => entry.result.id)).toEqual(idsOf(ten.slice(6)));
    expect((await everything(journal)).ids).toEqual(idsOf(ten));
    journal.close();
  });

  it("join a ring that was cut at the antimeridian", async () => {
    const journal = await open(scratch());
    const polygon = [
      [179.99, 10],
      [-179.99, 10],
      [-179.99, 10.01],
      [179.99, 10.01],
    ] as const;
    await journal.addFinished(folderOf([result(1, { longitude: 180, latitude: 10.005, polygon })]), 1);
    const [joined] = (await everything(journal)).found;
    const corners = (JSON.parse(joined === undefined ? "" : textOf(joined)) as ResultMessage).polygon?.map(
      ([x, y]) => `${(x + 360) % 360},${y}`,
    );
    expect(new Set(corners)).toEqual(new Set(polygon.map(([x, y]) => `${(x + 360) % 360},${y}`)));
    journal.close();
  });

  it("are refused where they are not whole, or of another release", async () => {
    const journal = await open(scratch());
    const half = folderOf(ten);
    writeFileSync(half, encodeGeoJson(ten.map(detectionFeature)).slice(0, 4000));
    await expect(journal.addFinished(half, 1)).rejects.toThrow(
      /no detections in .*, got a file that is not whole/,
    );
    const old = folderOf([]);
    writeFileSync(
      old,
      '{"type":"FeatureCollection","features":[\n{"type":"Feature","geometry":null,"properties":{"class":"ship"}}\n]}\n',
    );
    await expect(journal.addFinished(old, 1)).rejects.toThrow(
      /no detections in .*, got others; fly the run again/,
    );
    expect(await journal.addFinished(folderOf([]), 1)).toEqual([]);
    expect(journal.head).toBe(0);
    journal.close();
  });
});
