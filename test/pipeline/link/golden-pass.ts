import { readFileSync } from "node:fs";
import { readLinkBudget } from "../../../pipeline/link/budget/link-budget-file.ts";
import type { LinkBudget } from "../../../pipeline/link/budget/link-budget.ts";
import type { LinkRate } from "../../../pipeline/link/rate/link-rate.ts";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import { degrees, instant, metres, seconds } from "../../../pipeline/units.ts";

interface Golden {
  readonly length: number;
  readonly budget: Readonly<Record<string, unknown>>;
  readonly samples: readonly (readonly [t: number, elevation: number, range: number])[];
  readonly between: readonly (readonly [t: number, range: number, rate: number])[];
  readonly spans: readonly {
    readonly from: number;
    readonly to: number;
    readonly modcod: string | null;
    readonly rate: number;
  }[];
}
export const golden = JSON.parse(
  readFileSync(new URL("../../golden/link/pass.json", import.meta.url), "utf8"),
) as Golden;

/** Skyfield's pass as the planner would hand it over; a round start, so that seconds stay comparable. */
export const aos = 1_563_000_000;
export const contact: Contact = {
  id: "flock.Svalbard.0",
  satellite: "flock",
  station: "Svalbard",
  antenna: 0,
  aos: instant(aos),
  lockedAt: instant(aos),
  los: instant(aos + golden.length),
  backhaul: seconds(0),
  maxElevation: degrees(Math.max(...golden.samples.map(([, elevation]) => elevation))),
  samples: golden.samples.map(([t, elevation, range], i) => ({
    at: instant(i === golden.samples.length - 1 ? aos + golden.length : aos + t),
    elevation: degrees(elevation),
    range: metres(range),
  })),
};
export const budget = readLinkBudget(golden.budget, "pass.json");
/** The pass's budget as a rate, changed here and there. */
export const rateOf = (change: Partial<LinkBudget> = {}): LinkRate => ({
  kind: "budget",
  budget: { ...budget, ...change },
  sites: {},
});
