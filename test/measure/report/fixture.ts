import sharp from "sharp";
import type { RunSummary } from "../../../measure/summary/run-summary.ts";
import { policyNames } from "./shown-policies.ts";
import { judge } from "../../../measure/quality/matching.ts";
import { degrees, instant, metres, parseInstant, seconds } from "../../../pipeline/units.ts";
import type {
  PictureBox,
  ReportContact,
  ReportInput,
  ReportScene,
  ScenePicture,
} from "../../../measure/report/run/report-input.ts";
import { day } from "./day-fixture.ts";
import { labels, number, policySummary, sound } from "./policy-fixture.ts";

const from = parseInstant("2026-08-13T00:00:00Z")!;
const satellites = ["SENTINEL-2A", "SENTINEL-2B", "SENTINEL-2C", "FLOCK 4G-1", "FLOCK 4G-2", "FLOCK 4G-3"];
const stations = [
  ["svalbard", "Svalbard", 15.4, 78.2],
  ["inuvik", "Inuvik", -133.5, 68.3],
  ["matera", "Matera", 16.7, 40.6],
  ["troll", "Troll <Antarctica>", 2.5, -72],
] as const;

const contacts: readonly ReportContact[] = satellites.flatMap((satellite, s) =>
  Array.from({ length: 9 }, (_, n): ReportContact => {
    const aos = instant(from + (n + 0.16 * s) * 9300 + number(0, 900));
    const used = number(0, 1) > 0.15;
    const station = stations[Math.floor(number(0, 4))]![0];
    const bytesByPolicy = used ? { raw: 9e6 + number(0, 6e6), detect: number(200, 900) } : {};
    return { satellite, station, aos, los: instant(aos + number(240, 720)), bytesByPolicy };
  }),
);

export const summary: RunSummary = {
  schema: "swath-summary/2",
  runId: "compare-harbour-7f3a91",
  seed: 42,
  provenance: {
    swath: { version: "0.1.0", commit: null },
    spacecraft: { name: "cubesat-6u", published: 0, figures: 32 },
    training: {
      listed: true,
      trainedOn: ["harbour-007", "harbour-009"].map((scene) => ({ scene, name: scene })),
      apart: 1,
      unknown: [],
    },
    assumptions: ["taken as zero: errors of the uplink"],
  },
  schedule: {
    rule: "overflight",
    flownOver: true,
    camera: { swathMetres: 20_000, offNadirDegrees: 30, sunAboveDegrees: 10, assumed: [] },
    unseen: [],
  },
  dataset: { name: "builtin:harbour", scenes: 10, megapixels: 301.4, labelled: true },
  model: {
    name: "ship-s2",
    version: "0.1.0",
    sha256: "9f2c41d07be35a8c6614f0b8d6a2b7f5c3e19d4470aa5b2e8f6c1d0394e7b8aa",
    precision: "fp32",
    classes: ["ship"],
    scoreThreshold: 0.3,
  },
  screening: null,
  constellation: { spec: "active-2026-08-13.tle", spacecraft: "cubesat-6u", satellites },
  stations: stations.map(([id, name, longitudeDegrees, latitudeDegrees]) => ({
    id,
    name,
    longitudeDegrees,
    latitudeDegrees,
    antennas: 1,
  })),
  horizon: { from: "2026-08-13T00:00:00Z", to: "2026-08-14T00:00:00Z" },
  link: {
    description: "fixed rate",
    downlinkBitsPerSecond: 100e6,
    bitErrorRate: 1e-7,
    segmentLossRate: 0.001,
  },
  contacts: {
    planned: contacts.length,
    totalSeconds: contacts.reduce((sum, { aos, los }) => sum + los - aos, 0),
  },
  day,
  noDay: null,
  policies: policyNames.map((policy) => policySummary(policy)),
};

const picture = async (): Promise<string> => {
  const ships = labels.map(
    ({ boxPx: b }) =>
      `<ellipse cx="${(b.x0 + b.x1) / 2}" cy="${(b.y0 + b.y1) / 2}" rx="${(b.x1 - b.x0) / 2}" ry="${(b.y1 - b.y0) / 3}" fill="#c9d2d6"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="560"><rect width="800" height="560" fill="#10324a"/>
<path d="M620 0L700 140L640 260L720 400L660 560H800V0Z" fill="#6f6a55"/>${ships.join("")}</svg>`;
  const webp = await sharp(Buffer.from(svg)).webp({ quality: 70 }).toBuffer();
  return `data:image/webp;base64,${webp.toString("base64")}`;
};

const boxes: readonly PictureBox[] = judge({ detections: sound, labels }).map(({ kind, detection }) => ({
  kind: kind === "hit" ? "found" : "alarm",
  className: detection.className,
  score: detection.score,
  boxPx: detection.boxPx,
}));

/** An acquisition of a made-up harbour; the first of them is kept apart from training and has a picture. */
export const reportScene = (
  scene: string,
  index: number,
  picture: ReportScene["picture"] = null,
): ReportScene => ({
  scene,
  width: 800,
  height: 560,
  place: { longitude: degrees(8.9 + 3 * (index % 50)), latitude: degrees(44.4 - (index % 60)) },
  takenAt: instant(from + 4000 + 700 * index),
  satellite: satellites[index % satellites.length] as string,
  sun: degrees(31),
  offTrack: metres(61_000),
  recordedAt: parseInstant("2023-07-10T10:00:00Z"),
  platform: "Sentinel-2A",
  trainedOn: index > 0,
  delays: Object.fromEntries(
    policyNames.map((policy) => [
      policy,
      policy === "raw" && index === 1 ? null : seconds(0.04 + 300 * index),
    ]),
  ),
  station: "matera",
  detections: sound.length,
  marks: { found: 20, missed: 4, falseAlarms: 3 },
  picture,
});

/** A comparison of six policies as `swath compare` would show it. */
export const fixture = async (): Promise<ReportInput> => {
  const drawn: ScenePicture = {
    imageDataUri: await picture(),
    window: { x: 0, y: 0, width: 800, height: 560 },
    pixelSize: metres(10),
    boxes,
  };
  return {
    summary,
    contacts,
    policyWords: policyNames.map((name) => [name, `What ${name} sends`]),
    platform: policyNames.map((policy, p) => ({
      policy,
      satellite: "SENTINEL-2A",
      at: Array.from({ length: 90 }, (_, i) => from + i * 960),
      charge: Array.from({ length: 90 }, (_, i) => 0.85 - 0.03 * p + 0.1 * Math.sin(i)),
      temperature: Array.from({ length: 90 }, (_, i) => 290 + p + 8 * Math.sin(i)),
    })),
    scenes: ["harbour-003", "harbour-007", "harbour-009"].map((scene, i) =>
      reportScene(scene, i, i < 2 ? drawn : null),
    ),
    tracks: [
      {
        points: [
          [170, 60],
          [-178, 50],
          [-175, 40],
        ],
      },
    ],
    files: [{ paths: ["summary.json"], what: "every number of this page" }],
    reproduce: {
      command: "swath compare builtin:harbour --seed 42 --satellites active-2026-08-13.tle",
      configuration: "seed: 42\nlink:\n  rate: 100 Mbit/s\n",
    },
  };
};
