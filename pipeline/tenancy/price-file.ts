import { SwathError } from "../errors.ts";
import { parseDecimal, type Fraction } from "./amount.ts";
import { isOptionalResource, resources, type ResourceKey } from "./resource.ts";
import type { Prices } from "./tariff.ts";

/** Version tag of a price file. */
export const pricesVersion = "swath-prices/1";

/**
 * What the mission as a whole costs whoever flies it, in the currency of the file: figures of the user. What is not given is left out of the
 * sum, and named.
 */
export interface MissionPrices {
  /** Of an antenna, from the start of a contact to its end. */
  readonly stationMinute?: Fraction;
  /** Of all that is drawn on board. */
  readonly joule?: Fraction;
  /** Of all that is sent down, framing included. */
  readonly megabyte?: Fraction;
  /** Of one spacecraft, launched, spread evenly over its life. */
  readonly spacecraft?: Fraction;
  readonly lifeYears?: Fraction;
}

/** A price file, read. */
export interface PriceList {
  /** `USD`. */
  readonly currency: string;
  /** Where the figures are from, in words; empty where nobody says. */
  readonly source: string;
  readonly prices: Prices;
  readonly mission: MissionPrices;
}

/** Where each price stands in the file: under `prices`, link bytes one deeper. */
const fields: Readonly<Record<ResourceKey, readonly string[]>> = {
  operations: ["teraoperation"],
  energy: ["joule"],
  pixels: ["megapixel"],
  tokens: ["megatoken"],
  resultBytes: ["megabyte", "results"],
  chipBytes: ["megabyte", "chips"],
  tileBytes: ["megabyte", "tiles"],
  orderBytes: ["megabyte", "orders"],
  contact: ["contactSecond"],
  store: ["gigabyteHour"],
};

const missionFields = ["stationMinute", "joule", "megabyte", "spacecraft", "lifeYears"] as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A number of a file as decimal text; other values as they would be shown. */
const textOf = (value: unknown): string => {
  if (typeof value !== "number" || !/e/.test(String(value))) return String(value);
  const text = value.toFixed(12).replace(/0+$/, "");
  return Number(text) === value ? text : String(value);
};

const priceWords = "a price from 0 on, of at most 9 digits before the point and 12 behind it";

/** Throws `SwathError("config")` naming the field for what is not a price list, among it negative and missing prices. */
export const parsePrices = (value: unknown, source: string): PriceList => {
  const refuse = (field: string, wanted: string, got: unknown): SwathError =>
    new SwathError("config", {
      what: `${source}: ${field}`,
      wanted,
      got: got === undefined ? "none" : textOf(got),
      field,
    });
  if (!isRecord(value))
    throw refuse("the file", `a ${pricesVersion}`, value === null ? undefined : typeof value);
  const known = ["schema", "currency", "source", "prices", "mission"];
  const stray = Object.keys(value).find((key) => !known.includes(key));
  if (stray !== undefined) throw refuse(stray, `one of ${known.join(", ")}`, "a field of that name");
  const { schema, currency, prices, mission = {} } = value;
  if (schema !== pricesVersion) throw refuse("schema", pricesVersion, schema);
  if (typeof currency !== "string" || !/^[A-Za-z]{2,12}$/.test(currency))
    throw refuse("currency", "2 to 12 letters, such as USD", currency);
  const words = value["source"] ?? "";
  if (typeof words !== "string") throw refuse("source", "a sentence", words);
  if (!isRecord(prices)) throw refuse("prices", "a price for each resource", prices);
  if (!isRecord(mission)) throw refuse("mission", `some of ${missionFields.join(", ")}`, mission);
  const taken = new Set<string>();
  const list = resources.flatMap((resource): (readonly [ResourceKey, string])[] => {
    const { key, unit } = resource;
    const [head = "", below] = fields[key];
    taken.add(head);
    const branch = prices[head];
    const found = below === undefined ? branch : isRecord(branch) ? branch[below] : undefined;
    const field = `prices.${fields[key].join(".")}`;
    const text = textOf(found);
    if (found === undefined && isOptionalResource(resource)) return [];
    if (found === undefined || parseDecimal(text) === null)
      throw refuse(field, `${priceWords}, for a ${unit}`, found);
    return [[key, text]];
  });
  const strayPrice = Object.keys(prices).find((key) => !taken.has(key));
  if (strayPrice !== undefined)
    throw refuse(`prices.${strayPrice}`, `one of ${[...taken].join(", ")}`, "a price of that name");
  const own: { -readonly [Key in keyof MissionPrices]: Fraction } = {};
  for (const key of Object.keys(mission)) {
    const field = missionFields.find((one) => one === key);
    if (field === undefined)
      throw refuse(`mission.${key}`, `one of ${missionFields.join(", ")}`, "a figure of that name");
    const figure = parseDecimal(textOf(mission[key]));
    if (figure === null) throw refuse(`mission.${key}`, priceWords, mission[key]);
    own[field] = figure;
  }
  if ((own.spacecraft === undefined) !== (own.lifeYears === undefined) || own.lifeYears?.numerator === 0)
    throw refuse(
      "mission.lifeYears",
      "more than 0 years, beside the price of a spacecraft",
      mission["lifeYears"],
    );
  return { currency, source: words, prices: Object.fromEntries(list) as Prices, mission: own };
};
