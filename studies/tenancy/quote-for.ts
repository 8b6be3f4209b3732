import { SwathError } from "../../pipeline/errors.ts";
import { formatSi, someOf } from "../../pipeline/format.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { Seconds } from "../../pipeline/units.ts";
import type { RefusedTenant, Tenant } from "../../pipeline/tenancy/tenant-file.ts";
import { spacecraftFor } from "../inputs/spacecraft-file.ts";
import { parseLinkRate } from "../inputs/link-rate-source.ts";
import { readWorkload } from "../inputs/workload-source.ts";
import { quoteWorkload, type Quote } from "./quote.ts";
import { readTenancy } from "./tenancy-source.ts";

/** What a quote is asked for with. */
export interface QuoteRequest {
  readonly tenants: string;
  readonly tenant: string | undefined;
  readonly policy: string | undefined;
  readonly images: number;
  readonly spacecraft: string | null;
  readonly rate: string | null;
  readonly storedFor: Seconds;
}

/** A quote, and whose budget it is held against. */
export interface QuoteAnswer {
  readonly quote: Quote;
  readonly currency: string;
  readonly tenant: Tenant | null;
  readonly refused: readonly RefusedTenant[];
  /** The rate that contact time was reckoned at. */
  readonly rateText: string;
}

/** One rate to reckon contact time at: a rate that follows the sky has none, its lowest step is the careful one. */
const plainRate = (rate: LinkRate): number => {
  if (rate.kind === "fixed") return rate.rate;
  const steps =
    rate.kind === "by-elevation" ? rate.steps.map((step) => step.rate).filter((one) => one > 0) : [];
  if (steps.length > 0) return Math.min(...steps);
  throw new SwathError("config", {
    what: "--rate",
    wanted: "a plain rate to reckon contact time at, such as 8Mbit/s",
    got: `a ${rate.kind} link, whose rate follows the sky`,
    field: "rate",
  });
};

const tenantNamed = (id: string, tenants: readonly Tenant[], refused: readonly RefusedTenant[]): Tenant => {
  const found = tenants.find((one) => one.id === id);
  if (found !== undefined) return found;
  const isLeftOut = refused.some((one) => one.id === id);
  throw new SwathError("config", {
    what: `--tenant ${id}`,
    wanted: `one of ${someOf(tenants.map((one) => one.id))}`,
    got: isLeftOut ? "one that is left out of the tenants file" : "a tenant that nobody knows",
    field: "tenant",
  });
};

/** Quotes images of a workload at the prices of a tenants file. Throws `SwathError("config")`, an unknown tenant included. */
export const quoteFor = async (workload: string, request: QuoteRequest): Promise<QuoteAnswer> => {
  const { tenants, refused, list } = readTenancy(request.tenants);
  const tenant = request.tenant === undefined ? null : tenantNamed(request.tenant, tenants, refused);
  const spacecraft = spacecraftFor(request.spacecraft, "walker:12");
  const radio = spacecraft.radio.rate;
  const bits = plainRate(request.rate === null ? radio : parseLinkRate(request.rate, radio));
  const quote = quoteWorkload(
    await readWorkload(workload, spacecraft),
    request.policy,
    request.images,
    list.prices,
    { spacecraft, secondsPerMegabyte: 8e6 / bits, storedFor: request.storedFor },
  );
  return { quote, currency: list.currency, tenant, refused, rateText: formatSi(bits, "bit/s") };
};
