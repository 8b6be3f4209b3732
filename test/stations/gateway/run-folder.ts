import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringifySummary } from "../../../measure/summary/run-summary.ts";
import { instant } from "../../../pipeline/units.ts";
import { archiveFiles } from "../../../stations/archive/archive.ts";
import { resultMessage } from "../../../stations/archive/record-message.ts";
import type { ResultRecord } from "../../../stations/archive/result-record.ts";
import type { ArchivedScene } from "../../../stations/archive/stac.ts";
import { summary } from "../../measure/report/fixture.ts";
import { records } from "../archive/records.ts";

const runId = "replay-00c0ffee";

/** A run's folder with one policy, `detect`: what it holds beside its summary. */
export interface FixtureRun {
  readonly out: string;
  readonly name: string;
  /** `<run>-<policy>`. */
  readonly run: string;
  readonly count: number;
}

const squareAt = (longitude: number, latitude: number, half: number) => {
  const wrap = (x: number): number => ((((x + 180) % 360) + 360) % 360) - 180;
  const [west, east] = [wrap(longitude - half), wrap(longitude + half)];
  const [south, north] = [latitude - half, latitude + half];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ] as const;
};

const places = [
  { id: "genoa", longitude: 8.9, latitude: 44.4 },
  { id: "taveuni", longitude: 180, latitude: -16.8 },
  { id: "cape town", longitude: 18.4, latitude: -33.9 },
] as const;

const scene = (id: string): ResultRecord["scene"] => ({ ...records[0]!.scene, id });

const found = (count: number): readonly ResultRecord[] =>
  Array.from({ length: count }, (_, i): ResultRecord => {
    const { id, longitude, latitude } = places[i % places.length]!;
    const [dx, dy] = [((i * 7) % 40) / 100 - 0.2, ((i * 11) % 40) / 100 - 0.2];
    const at = instant(1_786_615_200 + 60 * i);
    return {
      ...records[0]!,
      scene: scene(id),
      acquisition: i,
      capturedAt: at,
      receivedAt: instant(at + 300.5),
      detection: {
        className: i % 4 === 3 ? "tug" : "ship",
        score: (20 + ((i * 37) % 80)) / 100,
        boxPx: { x0: i, y0: 10, x1: i + 8, y1: 20.5 },
      },
      polygonLonLat: squareAt(longitude + dx, latitude + dy, 0.002),
    };
  });

const scenes = (derived: string): readonly ArchivedScene[] =>
  places.map(({ id, longitude, latitude }, i) => ({
    id,
    footprintLonLat: squareAt(longitude, latitude, 0.3),
    recordedAt: instant(1_786_000_000 + 86_400 * i),
    platform: "sentinel-2a",
    derivedFrom: [i === 0 ? derived : "../../../scenes/somewhere.tif"],
    capturedAt: [instant(1_786_615_200)],
    satellites: ["SENTINEL-2A"],
    detections: 1,
  }));

const write = (folder: string, path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};

/** Writes a finished run with `count` detections and one more without a place, in three scenes, one across the antimeridian. */
export const writeFixtureRun = (
  out: string = mkdtempSync(join(tmpdir(), "swath-runs-")),
  { name = runId, id = runId, count = 30, derived = "https://imagery.example/genoa.tif" } = {},
): FixtureRun => {
  const folder = join(out, name);
  const origin = { run: `${id}-detect`, policy: "detect" };
  const policy = { ...summary.policies[0]!, policy: "detect" };
  const provenance = {
    runId: id,
    softwareVersion: "0.1.0",
    flownOver: true,
    model: { name: "ship-s2", version: "1", sha256: "ab" },
  };
  const nowhere: ResultRecord = { ...records[2]!, acquisition: count, scene: scene("chip-7") };
  const files = archiveFiles(origin, [...found(count), nowhere], scenes(derived), provenance);
  for (const { path, content } of files) write(folder, join("detect", path), content);
  write(folder, "summary.json", stringifySummary({ ...summary, runId: id, policies: [policy] }));
  return { out, name, run: origin.run, count: count + 1 };
};

/** Detections of a run at work, as subscribers get them. */
export const liveResults = (run: string, count: number) =>
  found(count).map((record) => resultMessage({ run, policy: "detect" }, record));
