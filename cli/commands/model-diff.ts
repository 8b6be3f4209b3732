import { Command } from "commander";
import { parseRate } from "../../pipeline/quantity.ts";
import { diffModels } from "../../studies/updates/model-diff.ts";
import { modelDiffText } from "../text/model-diff-text.ts";

interface Flags {
  readonly rate: string;
  readonly constellation: string;
  readonly stations: string;
  readonly json?: boolean;
}

/** `swath model diff`. */
export const modelDiffCommand = (): Command =>
  new Command("diff")
    .description(
      "What it takes to send a model up to satellites that have another: whole, and as what differs",
    )
    .argument("<old>", "what is on board: a folder with model.json, or the name of a shipped model")
    .argument("<new>", "what is to go up")
    .option("--rate <rate>", "of the uplink", "256kbit/s")
    .option("--constellation <name>", "whose contacts are counted", "three-body")
    .option("--stations <name>", "over which they are", "ksat")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", "\nExample:\n  $ swath model diff clouds:int8 models/clouds-v2 --rate 256kbit/s")
    .action(async (old: string, next: string, { rate, constellation, stations, json }: Flags) => {
      const diff = await diffModels({ old, next, rate: parseRate("--rate", rate), constellation, stations });
      process.stdout.write(json ? `${JSON.stringify(diff, null, 2)}\n` : modelDiffText(diff));
    });
