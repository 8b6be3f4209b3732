import { formatBytes, formatDuration, formatJoules } from "../pipeline/meter/format.ts";
import { bytes, joules, seconds } from "../pipeline/units.ts";
import type { SimulationResult } from "./run-simulation.ts";

/** The outcome of a simulation in a few lines. */
export const printFleet = ({ summary, folder }: SimulationResult): void => {
  const { delaySeconds, energyJoules, waitSeconds } = summary;
  const lines = [
    [
      "flown",
      `${summary.satellites} ${summary.spacecraft} over ${summary.stations} stations, ${summary.acquisitions} pictures`,
    ],
    [
      "link",
      `${formatBytes(bytes(summary.linkBytes))} down, ${formatBytes(bytes(summary.onBoardBytes))} left on board, ${formatBytes(bytes(summary.droppedBytes))} dropped`,
    ],
    ...Object.entries(delaySeconds).map(([kind, delays]) => [
      kind,
      `${delays.products} down, median ${formatDuration(seconds(delays.median))}, p90 ${formatDuration(seconds(delays.p90))} after the picture`,
    ]),
    [
      "energy",
      `compute ${formatJoules(joules(energyJoules.compute))}, radio ${formatJoules(joules(energyJoules.radio))}, camera ${formatJoules(joules(energyJoules.camera))}`,
    ],
    [
      "waits",
      `battery ${formatDuration(seconds(waitSeconds.battery))}, heat ${formatDuration(seconds(waitSeconds.heat))}`,
    ],
    ["summary", `${folder}/summary.json`],
  ];
  for (const [name = "", text = ""] of lines) console.log(`${name.padEnd(14)} ${text}`);
};
