import { Command } from "commander";
import { withNodeFlags } from "./satellite.ts";
import { type NodeFlags, openStation } from "../../studies/node.ts";
import { openProgress } from "../text/progress-line.ts";
import { interruptible } from "../interrupt.ts";

/** `swath station`: one ground station as a process of its own. */
export const stationCommand = (): Command =>
  withNodeFlags(
    new Command("station")
      .description("Run one ground station of a run that another process commands (swath replay --external)")
      .argument("<id>", "station, as the run's plan names it"),
  )
    .addHelpText(
      "after",
      "\nExample:\n  $ swath station Svalbard --run replay-3f2a91c0-detect --nats nats://10.0.0.5:4222",
    )
    .action((station: string, flags: NodeFlags) =>
      interruptible(async (signal) => {
        using progress = openProgress(process.stderr);
        await openStation(station, flags, { progress, signal });
      }),
    );
