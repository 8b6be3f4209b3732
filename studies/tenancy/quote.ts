import { workingPower } from "../../pipeline/mission/working-power.ts";
import { framedSize } from "../../pipeline/link/frames/framed-size.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { Workload, WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { codecOf } from "../../pipeline/product/product.ts";
import { bytes } from "../../pipeline/units.ts";
import { microAmount, type MicroAmount } from "../../pipeline/tenancy/amount.ts";
import { addWork, resourceKeys, type ResourceKey, type Work } from "../../pipeline/tenancy/resource.ts";
import { priceOf, readTariff, type Prices } from "../../pipeline/tenancy/tariff.ts";
import { entriesOf } from "../inputs/workload-source.ts";

/** What images of a workload are quoted at. */
export interface Quote {
  readonly workload: string;
  readonly policy: string;
  readonly images: number;
  readonly work: Work;
  /** Of each resource, and of all: every one rounded up to a millionth. */
  readonly amounts: Readonly<Record<ResourceKey, MicroAmount>>;
  readonly total: MicroAmount;
}

/** What is assumed of the link beside the workload. */
export interface QuoteTerms {
  readonly spacecraft: Spacecraft;
  /** Seconds of contact a megabyte takes, framing included. */
  readonly secondsPerMegabyte: number;
  /** How long a product waits on board, s. */
  readonly storedFor: number;
}

/** The work of one image, not yet in whole numbers. */
const workOf = (
  entry: WorkloadEntry,
  tokens: number,
  { spacecraft, secondsPerMegabyte, storedFor }: QuoteTerms,
): Readonly<Record<ResourceKey, number>> => {
  const sent = { results: 0, chips: 0, tiles: 0 };
  for (const { kind, size } of entry.products)
    sent[codecOf(kind).class] += framedSize(bytes(size), 1, "none");
  const onLink = sent.results + sent.chips + sent.tiles;
  const contact = (onLink / 1e6) * secondsPerMegabyte;
  const { camera, computer, radio } = spacecraft;
  const joules =
    (entry.samples / 1e6) * camera.energyPerMegasample +
    entry.computeSeconds * workingPower(computer) +
    contact * radio.power;
  const stored = entry.products.reduce((sum, { size }) => sum + size, 0);
  return {
    operations: entry.operations / 1e6,
    energy: joules * 1e6,
    pixels: entry.samples,
    tokens,
    resultBytes: sent.results,
    chipBytes: sent.chips,
    tileBytes: sent.tiles,
    // Nobody orders what is on the schedule.
    orderBytes: 0,
    contact: contact * 1e6,
    store: (stored * storedFor) / 3.6e6,
  };
};

/** What a number of images like those of a workload would be charged, on average. */
export const quoteWorkload = (
  workload: Workload,
  policy: string | undefined,
  images: number,
  prices: Prices,
  terms: QuoteTerms,
): Quote => {
  const { policy: chosen, entries } = entriesOf(workload, policy);
  const tokens = workload.tokens?.perImage ?? 0;
  const taken = entries.filter(({ failure }) => failure === null);
  const each = taken.map((entry) => workOf(entry, tokens, terms));
  const mean = (key: ResourceKey): number =>
    each.length === 0 ? 0 : each.reduce((sum, work) => sum + work[key], 0) / each.length;
  const parts = resourceKeys.map((key): Work => ({ [key]: Math.ceil(mean(key) * images) }));
  const work = addWork(parts);
  const tariff = readTariff(prices);
  const amounts = Object.fromEntries(
    resourceKeys.map((key) => [key, priceOf({ [key]: work[key] ?? 0 }, tariff)]),
  ) as Record<ResourceKey, MicroAmount>;
  const total = resourceKeys.reduce((sum, key) => sum + amounts[key], 0);
  return { workload: workload.name, policy: chosen, images, work, amounts, total: microAmount(total) };
};
