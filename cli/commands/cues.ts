import { Command, Option } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { parseDuration, parseMoment, parseNumber, parseWhole } from "../../pipeline/quantity.ts";
import { seconds } from "../../pipeline/units.ts";
import { studyCues, type CueRequest } from "../../studies/cues/cue-study.ts";
import { cueRecord } from "../../studies/cues/cue-record.ts";
import { readSeenThings } from "../../studies/cues/seen-things.ts";
import { constellationWords, longestHours, stationWords } from "../../studies/options/mission-options.ts";
import { interruptible } from "../interrupt.ts";
import { printCues } from "../text/cue-text.ts";

interface CueFlags {
  readonly constellation: string;
  readonly followers?: string;
  readonly stations: string;
  readonly spacecraft?: string;
  readonly from?: string;
  readonly hours: string;
  readonly tips?: string;
  readonly on?: string;
  readonly minScore: string;
  readonly by: "any" | "other";
  readonly within: string;
  readonly acquisitions: string;
  readonly share: string;
  readonly seed: string;
  readonly json?: boolean;
}

const parseRequest = async (flags: CueFlags): Promise<CueRequest> => {
  const { tips, on } = flags;
  if ((tips === undefined) !== (on === undefined)) {
    throw new SwathError("config", {
      what: tips === undefined ? "--on" : "--tips",
      wanted:
        tips === undefined
          ? "--tips, a file of detections, beside it"
          : "--on, the class that is followed, beside it",
      got: "none",
    });
  }
  const minScore = parseNumber("--min-score", flags.minScore, 0, 1);
  return {
    constellation: flags.constellation,
    followers: flags.followers ?? null,
    stations: flags.stations,
    spacecraft: flags.spacecraft ?? null,
    from: flags.from === undefined ? null : parseMoment("--from", flags.from),
    horizon: seconds(3600 * parseNumber("--hours", flags.hours, 0.01, longestHours)),
    by: flags.by,
    within: parseDuration("--within", flags.within),
    acquisitions: parseWhole("--acquisitions", flags.acquisitions, 1, 100_000),
    share: parseNumber("--share", flags.share, 0, 1),
    seed: parseWhole("--seed", flags.seed, 0, 2 ** 31),
    seen: tips === undefined || on === undefined ? null : await readSeenThings(tips, { on, minScore }),
  };
};

/**
 * `swath cues`: tip and cue over a constellation, by way of the ground and over crosslinks.
 *
 * The action throws `SwathError("config")` for wrong use (exit 2) and other `SwathError`s for what failed (exit 1).
 */
export const cuesCommand = (): Command =>
  new Command("cues")
    .description("Plan tip and cue: what one satellite sees, the next that flies over looks at")
    .option("--constellation <spec>", constellationWords, "three-body")
    .option(
      "--followers <spec>",
      "a constellation whose cameras follow too, such as jilin-1: each with its own spacecraft",
    )
    .option("--stations <spec>", stationWords, "classic-eo")
    .option("--spacecraft <spec>", "a preset or a YAML file (default: what the constellation brings)")
    .option("--from <time>", "start, ISO 8601 in UTC (default: the first tip, else the epoch of made orbits)")
    .option("--hours <hours>", "tips are taken for so long", "24")
    .option("--tips <detections.geojson>", "follow the detections of a run (default: tips are drawn)")
    .option("--on <class>", "with --tips: which class is followed")
    .option("--min-score <score>", "with --tips: detections below are not followed", "0.5")
    .addOption(
      new Option("--by <who>", "any satellite, or any other than the one that saw it")
        .choices(["any", "other"])
        .default("any"),
    )
    .option(
      "--within <duration>",
      "from the tip to the last moment at which a look is worth anything",
      "90min",
    )
    .option("--acquisitions <n>", "without --tips: acquisitions that are drawn", "2000")
    .option("--share <share>", "without --tips: of them, those that hold something to follow", "0.1")
    .option("--seed <n>", "of what is drawn", "1")
    .option("--json", "print every cue as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ swath cues --constellation three-body --stations classic-eo --within 90min
  $ swath cues --tips runs/replay-3f2a91c0/detect/detections.geojson --on ship --min-score 0.8 --within 6h
  $ swath cues --constellation three-body --followers jilin-1 --by other --json`,
    )
    .action((flags: CueFlags) =>
      interruptible(async () => {
        const study = await studyCues(await parseRequest(flags));
        if (flags.json === true) console.log(JSON.stringify(cueRecord(study)));
        else printCues(study);
      }),
    );
