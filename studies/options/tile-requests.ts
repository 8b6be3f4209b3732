import { SwathError } from "../../pipeline/errors.ts";
import type { AskPlan } from "../../pipeline/mission/ask-plan.ts";
import { parseNumber } from "../../pipeline/quantity.ts";

type Scores = Pick<AskPlan, "from" | "to">;

const usualScores: Scores = { from: 0, to: 0.6 };
const usualTiles = 4;

/** `0.3/0.6`. Throws `SwathError("config")`. */
export const parseScores = (text: string, option: string): Scores => {
  const [low = "", high = "", ...more] = text.split("/");
  const from = parseNumber(option, low, 0, 1);
  const to = parseNumber(option, high, 0, 1);
  if (more.length === 0 && from <= to) return { from, to };
  throw new SwathError("config", { what: option, wanted: "LOW/HIGH, e.g. 0.3/0.6", got: `"${text}"` });
};

/** The options of `requestOptions`, read. */
interface RequestValues {
  readonly ask: "none" | "uncertain" | "all" | null;
  readonly askScores: Scores | null;
  readonly askTiles: number | null;
}

/** What the ground requests; `null` for nothing. Throws `SwathError("config")` for options that mean nothing together. */
export const requestRuleOf = ({ ask, askScores, askTiles }: RequestValues): AskPlan | null => {
  const rule = ask ?? "none";
  const refuse = (field: string, wanted: string): never => {
    throw new SwathError("config", {
      what: `--${field}`,
      wanted: `--ask ${wanted} beside it`,
      got: rule,
      field,
    });
  };
  if (askScores !== null && rule !== "uncertain") refuse("ask-scores", "uncertain");
  if (askTiles !== null && rule === "none") refuse("ask-tiles", "uncertain or all");
  if (rule === "none") return null;
  const scores = rule === "all" ? { from: 0, to: 1 } : (askScores ?? usualScores);
  return { ...scores, tilesPerScene: askTiles ?? usualTiles };
};
