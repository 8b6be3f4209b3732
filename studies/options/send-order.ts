import { SwathError } from "../../pipeline/errors.ts";
import type { SendOrder } from "../../pipeline/mission/spacecraft.ts";

/** How a send order is named, for help and error messages. */
export const orderWords = "strict, value, weighted or weighted:RESULTS/CHIPS/TILES, e.g. weighted:8/4/1";

const usualWeights = { results: 8, chips: 4, tiles: 1 };

/** As `--order` has it. Throws `SwathError("config")`. */
export const parseOrder = (text: string): SendOrder => {
  if (text === "strict" || text === "value") return { kind: text };
  if (text === "weighted") return { kind: "weighted", weights: usualWeights };
  const words = /^weighted:([\d.]+)\/([\d.]+)\/([\d.]+)$/.exec(text)?.slice(1).map(Number) ?? [];
  const [results = NaN, chips = NaN, tiles = NaN] = words;
  const isSound = [results, chips, tiles].every((weight) => weight >= 1e-3 && weight <= 1e3);
  if (isSound) return { kind: "weighted", weights: { results, chips, tiles } };
  throw new SwathError("config", {
    what: "--order",
    wanted: `${orderWords}, weights from 0.001 to 1000`,
    got: `"${text}"`,
  });
};
