import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytes } from "../../../pipeline/units.ts";
import { detectionFeature, encodeGeoJson } from "../../../stations/archive/detection-geojson.ts";
import { type DetectionFilter, everything, matcher } from "../../../stations/subscribers/detection-filter.ts";
import {
  type FanOut,
  fanOut as fanOutOf,
  type Notice,
  type Sink,
} from "../../../stations/subscribers/fan-out.ts";
import { openJournal } from "../../../stations/subscribers/folder-journal.ts";
import { take } from "../../../stations/subscribers/ingest.ts";
import type { Journal } from "../../../stations/subscribers/journal.ts";
import { boxArea } from "../../../stations/subscribers/watch-area.ts";
import { heard, result } from "./results.ts";

let folder: string;
let journal: Journal;
let fanOut: FanOut;
let leave: AbortController;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "swath-fan-"));
  journal = await openJournal({ folder: join(folder, "journal"), keep: bytes(1e8), note: () => undefined });
  journal.openSource({ name: "stream-1", run: result(0).run, startedMs: 1 });
  fanOut = fanOutOf(journal);
  leave = new AbortController();
});
afterEach(() => {
  leave.abort();
  journal.close();
});

const land = (from: number, to: number, place: (n: number) => object = () => ({})): void =>
  take(
    { journal, fanOut },
    "stream-1",
    heard(
      Array.from({ length: to - from }, (_, i) => result(from + i, place(from + i))),
      journal.lastOf("stream-1") + 1,
    ),
  );

interface Kept {
  readonly got: number[];
  readonly told: Notice["kind"][];
  readonly served: Promise<void>;
  /** What waits, octets; `read` empties it. */
  read(): void;
}

/** A client that keeps what it gets, and reads when it is told to; `reads`: at once. */
const client = (filter: DetectionFilter, after: number, reads = true): Kept => {
  const [got, told]: [number[], Notice["kind"][]] = [[], []];
  const drains = new Set<() => void>();
  let waiting = 0;
  const sink: Sink = {
    send(entries) {
      got.push(...entries.map(({ seq }) => seq));
      if (!reads) waiting += entries.reduce((sum, { data }) => sum + data.length, 0);
    },
    tell: ({ kind }) => void told.push(kind),
    get waiting() {
      return waiting;
    },
    drained: () => new Promise((resolve) => (waiting === 0 ? resolve() : drains.add(resolve))),
  };
  return {
    got,
    told,
    served: fanOut.serve({ filter, after, perSecond: null, sink, signal: leave.signal }),
    read() {
      waiting = 0;
      for (const done of drains) done();
      drains.clear();
    },
  };
};

const until = async (test: () => boolean): Promise<void> => {
  for (let turn = 0; !test(); turn += 1) {
    if (turn > 1e5) throw new Error("it never comes");
    await new Promise((resolve) => setImmediate(resolve));
  }
};
const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

describe("fanning out", () => {
  it("gives everyone what fits, wherever they begin and whenever they come", async () => {
    const area = fc
      .tuple(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -90, max: 80 }))
      .map(([x, y]) => boxArea([x, y, Math.min(x + 40, 180), y + 10]));
    const wants = fc.sample(fc.record({ area: fc.option(area), minScore: fc.constantFrom(0, 0.5, 0.9) }), {
      numRuns: 30,
      seed: 1,
    });
    const place = (n: number) => ({
      longitude: ((n * 37) % 360) - 180,
      latitude: ((n * 17) % 180) - 90,
      score: (n % 100) / 100,
    });
    land(0, 200, place);
    const clients = wants.map((want, i) => ({
      filter: { ...everything, ...want },
      ...client({ ...everything, ...want }, i * 5),
    }));
    land(200, 400, place);
    await until(() => clients.every(({ told }) => told.includes("live")));
    land(400, 600, place);
    for (const [i, { filter, got }] of clients.entries()) {
      const fits = matcher(filter);
      const due = numbers(1, 601).filter((seq) => seq > i * 5 && fits(result(seq - 1, place(seq - 1))));
      expect(got).toEqual(due);
    }
  });

  it("puts who does not read back to its place, and gives it the rest once", async () => {
    const deaf = client(everything, 0, false);
    const quick = client(everything, 0);
    await until(() => deaf.told.includes("live") && quick.told.includes("live"));
    for (let from = 0; from < 9_000; from += 500) land(from, from + 500);
    expect(quick.got).toEqual(numbers(1, 9_001));
    expect(deaf.told).toEqual(["live", "behind"]);
    expect(deaf.got.length).toBeLessThan(9_000);
    await until(() => {
      deaf.read();
      return deaf.told.filter((kind) => kind === "live").length === 2;
    });
    expect(deaf.got).toEqual(numbers(1, 9_001));
  });

  it("keeps the fault of one client to that client", async () => {
    const other = client(everything, 0);
    const broken: Sink = {
      send() {
        throw new Error("no such socket");
      },
      tell: () => undefined,
      waiting: 0,
      drained: () => Promise.resolve(),
    };
    const served = fanOut.serve({
      filter: everything,
      after: 0,
      perSecond: null,
      sink: broken,
      signal: leave.signal,
    });
    const failed = expect(served).rejects.toThrow("no such socket");
    await until(() => other.told.includes("live"));
    land(0, 10);
    await failed;
    land(10, 20);
    expect(other.got).toEqual(numbers(1, 21));
    expect(fanOut.subscribers).toBe(1);
  });

  it("gives those who are live what came in one piece, from a finished run's folder", async () => {
    const other = client(everything, 0);
    await until(() => other.told.includes("live"));
    const path = join(folder, "detect", "detections.geojson");
    mkdirSync(join(folder, "detect"));
    const run = "compare-11111111-raw";
    writeFileSync(path, encodeGeoJson(numbers(0, 300).map((n) => detectionFeature(result(n, { run })))));
    const before = journal.head;
    await journal.addFinished(path, 5);
    fanOut.reread(before);
    await until(() => other.got.length === 300);
    land(0, 5);
    await until(() => other.got.length === 305);
    expect(other.got).toEqual(numbers(1, 306));
  });
});
