import { Option, type Command } from "commander";
import {
  evictionRules,
  type EvictionRule,
  type SendOrder,
  type Spacecraft,
  type Store,
} from "../pipeline/mission/spacecraft.ts";
import { SwathError } from "../pipeline/errors.ts";
import type { Bytes } from "../pipeline/units.ts";
import { parseBytes } from "../pipeline/quantity.ts";

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

/** What is asked of the store besides what the spacecraft says. */
export interface StoreWishes {
  readonly store: Bytes | null;
  readonly eviction: EvictionRule | null;
  readonly order: SendOrder | null;
}

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

/** A spacecraft with the store that is wished for. */
export const withStore = (craft: Spacecraft, { store, eviction, order }: StoreWishes): Spacecraft => {
  const wished: Store = {
    ...craft.store,
    ...(store === null ? {} : { capacity: store }),
    ...(eviction === null ? {} : { eviction }),
    ...(order === null ? {} : { order }),
  };
  return { ...craft, store: wished };
};
