import {
  instant,
  bytes,
  degrees,
  metres,
  seconds,
  bitsPerSecond,
  type Instant,
} from "../../../pipeline/units.ts";
import type { AcquisitionRecord } from "../../../pipeline/mission/ledger.ts";
import type { FlightLog } from "../../../pipeline/mission/flight-log.ts";
import { resolveConstellation } from "../../../planning/orbits/constellation.ts";
import { kindsHead } from "../../../studies/record/run-record.ts";
import { type MissionRecorder, openMissionRecorder } from "../../../studies/record/mission-recorder.ts";
import type { PolicyRecorder } from "../../../studies/record/policy-recorder.ts";
import type { RecordSink } from "../../../studies/record/record-sink.ts";

/** Start of the horizon, an hour long. */
export const from = instant(1_767_225_600);
const at = (t: number): Instant => instant(from + t);

/** The record of two satellites and one station; nothing is flown: tests tell what happens. */
export const smallRecord = async (run: string, sink: RecordSink | null): Promise<MissionRecorder> => {
  const satellites = await resolveConstellation("walker:2", async () => "", { epoch: from });
  const [a, b] = satellites.map(({ id }) => id) as [string, string];
  const station = {
    id: "Svalbard",
    name: "Svalbard",
    longitude: degrees(15.4),
    latitude: degrees(78.2),
    altitude: metres(400),
    minElevation: degrees(5),
    antennas: 1,
  };
  const contact = (satellite: string, aos: number) => ({
    id: `${satellite}.Svalbard.0`,
    satellite,
    station: "Svalbard",
    antenna: 0,
    aos: at(aos),
    lockedAt: at(aos + 10),
    los: at(aos + 300),
    backhaul: seconds(1),
    maxElevation: degrees(30),
    samples: [aos, aos + 300].map((t) => ({ at: at(t), elevation: degrees(20), range: metres(1e6) })),
  });
  return openMissionRecorder(
    {
      run,
      command: "compare",
      shows: "pixels",
      seed: 1,
      dataset: { name: "ports", scenes: 1 },
      model: { name: "ships", version: "1", precision: "int8" },
      classes: ["ship"],
      constellation: "walker:2",
      spacecraft: {
        name: "toy",
        published_figures: null,
        figures: null,
        computer: "toy",
        store_bytes: 1e6,
        battery: { capacity_j: 1000, floor: 0.6, initial: 1 },
        heat: { slows_from_k: 318, stops_at_k: 338 },
        terminals: null,
      },
      camera: null,
      network: "builtin",
      stations: [],
      link: "8 Mbit/s",
      crosslinks: null,
      kinds: kindsHead(),
    },
    {
      satellites,
      stations: [station],
      contacts: { from, to: at(3600), contacts: [contact(a, 600), contact(b, 1200)] },
      mesh: null,
      rate: { kind: "fixed", rate: bitsPerSecond(8e6) },
      protection: "none",
      acquisitions: [{ index: 0, satellite: a, scene: "genoa", at: at(100) }],
      scenes: [
        {
          id: "genoa",
          width: 64,
          height: 64,
          bands: [],
          georeference: null,
          acquiredAt: null,
          platform: null,
        },
      ],
    },
    [{ label: "chips", name: "chips", sends: "chips", where: "board" }],
    sink,
  );
};

const picture: AcquisitionRecord = {
  index: 0,
  failure: null,
  startedAt: at(100),
  readyAt: at(101),
  samples: 4096,
  sensorBytes: bytes(8192),
  losslessBytes: bytes(4000),
  tiles: 1,
  emptyTiles: 0,
  cloudyTiles: 0,
  emptyBytes: bytes(0),
  cloudyBytes: bytes(0),
  modelTiles: 1,
  detections: 1,
  operations: 1e6,
  encodedSamples: 0,
  computeSeconds: seconds(1),
};

/** The first satellite takes the picture and makes a product of it; both have passed `through`. */
export const tellPicture = (policy: PolicyRecorder, satellites: readonly string[], through: number): void => {
  const logs = satellites.map((satellite): FlightLog => policy.flight(satellite));
  logs[0]?.tell({
    type: "acquisition",
    acquisition: { index: 0, satellite: satellites[0] ?? "", scene: "genoa", at: at(100) },
    record: picture,
    products: [
      {
        acquisition: 0,
        kind: "detections",
        tile: null,
        readyAt: at(101),
        size: 120,
        value: 1,
        askedAt: null,
      },
    ],
  });
  for (const log of logs) for (let minute = 0; minute * 60 < through; minute++) log.sample(minute, 0.9, 290);
  for (const log of logs) log.through(at(through));
};
