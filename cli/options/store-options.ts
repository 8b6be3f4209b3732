import { Option, type Command } from "commander";
import { evictionRules, type EvictionRule, type SendOrder } from "../../pipeline/mission/spacecraft.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { parseBytes } from "../../pipeline/quantity.ts";
import type { StoreWishes } from "../../studies/inputs/spacecraft-file.ts";

const orderWords = "strict, value, weighted or weighted:RESULTS/CHIPS/TILES, e.g. weighted:8/4/1";

const usualWeights = { results: 8, chips: 4, tiles: 1 };

export const addStoreOptions = (command: Command): Command =>
  command
    .option("--store <size>", "ceiling of the onboard store (default: the spacecraft's)")
    .addOption(
      new Option(
        "--evict <rule>",
        "what a full store gives up first (default: the spacecraft's, or lowest-priority)",
      ).choices([...evictionRules]),
    )
    .option("--order <order>", `what is sent first: ${orderWords} (default: the spacecraft's, or strict)`);

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

/** What the options ask of the store. Throws `SwathError("config")`. */
export const parseStore = (values: Readonly<Record<string, unknown>>): StoreWishes => {
  const optional = <T>(key: string, parse: (text: string) => T): T | null =>
    values[key] === undefined ? null : parse(`${values[key] as string | number}`);
  return {
    store: optional("store", (text) => parseBytes("--store", text)),
    eviction: optional("evict", (text) => text as EvictionRule),
    order: optional("order", parseOrder),
  };
};
