import { join } from "node:path";
import { onlyRun, scratch, stationsFile, summaryOf, swath } from "../integration/swath.ts";

/** A mission that is flown in processes of its own, and how it came out in one. */
export interface Mission {
  /** Arguments of `swath replay`, without `--out`. */
  readonly scenario: readonly string[];
  readonly policy: string;
  readonly satellites: readonly string[];
  readonly stations: readonly string[];
  readonly runId: string;
  /** Its folder. */
  readonly reference: string;
}

/** Two satellites, two stations, imagery over a bad channel: flown in one process, for what the storms must come to. */
export const flyReference = async (seed: number): Promise<Mission> => {
  const folder = scratch();
  const stations = stationsFile(folder, [
    ["North", 15.4, 78.2],
    ["South", 2.5, -72],
  ]);
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
  const out = join(folder, "runs");
  const { code, stderr } = await swath(["replay", ...scenario, "--out", out]);
  if (code !== 0) throw new Error(`the calm run failed: ${stderr}`);
  const { runId, constellation, stations: sites } = summaryOf(out);
  return {
    scenario,
    policy: "raw",
    satellites: constellation.satellites,
    stations: sites.map(({ id }) => id),
    runId,
    reference: onlyRun(out),
  };
};
