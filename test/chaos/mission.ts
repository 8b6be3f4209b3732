import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSummary } from "../../measure/summary/run-summary.ts";
import { packageRoot } from "../../pipeline/package.ts";
import type { Mission } from "./storm.ts";

const site = (name: string, longitude: number, latitude: number) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [longitude, latitude, 100] },
  properties: { name, min_elevation_deg: 5 },
});

/** Two satellites, two stations, imagery over a bad channel: flown in one process, for what the storms must come to. */
export const flyReference = (seed: number): Mission => {
  const folder = mkdtempSync(join(tmpdir(), "swath-calm-"));
  const stations = join(folder, "stations.json");
  writeFileSync(
    stations,
    JSON.stringify({
      type: "FeatureCollection",
      features: [site("North", 15.4, 78.2), site("South", 2.5, -72)],
    }),
  );
  const scenario = [
    "builtin:harbour?scenes=3&size=1024",
    "--policy=raw",
    "--constellation=walker:2",
    "--schedule=cadence",
    "--no-day",
    `--stations=${stations}`,
    "--rate=2Mbit/s",
    "--ber=2e-5",
    "--segment-loss=0.1",
    "--hours=12",
    `--seed=${seed}`,
  ];
  const main = join(packageRoot, "dist/cli/main.js");
  const out = join(folder, "runs");
  const { status, stderr } = spawnSync(process.execPath, [main, "replay", ...scenario, "--out", out], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the calm run failed: ${stderr}`);
  const [runId = ""] = readdirSync(out).filter((name) => !name.startsWith("."));
  const reference = join(out, runId);
  const summary = parseSummary(JSON.parse(readFileSync(join(reference, "summary.json"), "utf8")));
  return {
    scenario,
    policy: "raw",
    satellites: summary.constellation.satellites,
    stations: summary.stations.map(({ id }) => id),
    runId,
    reference,
  };
};
