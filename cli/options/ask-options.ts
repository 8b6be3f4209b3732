import { Option, type Command } from "commander";
import type { AskPlan } from "../../pipeline/mission/ask-plan.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { parseNumber, parseWhole } from "../../pipeline/quantity.ts";

const usualTo = 0.6;

const usualTiles = 4;

export const addAskOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        "--ask <rule>",
        "tiles that the ground asks for once it has a scene's detections: where they are uncertain, wherever there are any, or none (default: none)",
      ).choices(["none", "uncertain", "all"]),
    )
    .option("--ask-scores <low/high>", `which scores are uncertain (default: 0/${usualTo})`)
    .option("--ask-tiles <n>", `at most so many tiles of a scene (default: ${usualTiles})`);

type Values = Readonly<Record<string, unknown>>;

const parseBand = (text: string): Pick<AskPlan, "from" | "to"> => {
  const [low = "", high = "", ...more] = text.split("/");
  const from = parseNumber("--ask-scores", low, 0, 1);
  const to = parseNumber("--ask-scores", high, 0, 1);
  if (more.length === 0 && from <= to) return { from, to };
  throw new SwathError("config", {
    what: "--ask-scores",
    wanted: "LOW/HIGH, e.g. 0.3/0.6",
    got: `"${text}"`,
  });
};

/** What the ground is to ask for; `null` for nothing. Throws `SwathError("config")`. */
export const parseAsk = (values: Values): AskPlan | null => {
  const text = (key: string): string | null =>
    values[key] === undefined ? null : `${values[key] as string}`;
  const rule = text("ask") ?? "none";
  const [scores, tiles] = [text("askScores"), text("askTiles")];
  const idle =
    scores !== null && rule !== "uncertain" ? "scores" : tiles !== null && rule === "none" ? "tiles" : null;
  if (idle !== null) {
    throw new SwathError("config", {
      what: `--ask-${idle}`,
      wanted: `--ask ${idle === "scores" ? "uncertain" : "uncertain or all"} beside it`,
      got: rule,
    });
  }
  if (rule === "none") return null;
  const band =
    rule === "all" ? { from: 0, to: 1 } : scores === null ? { from: 0, to: usualTo } : parseBand(scores);
  return {
    ...band,
    tilesPerScene: tiles === null ? usualTiles : parseWhole("--ask-tiles", tiles, 1, 1e6),
  };
};
