import type { PolicyName } from "../../../pipeline/mission/policy.ts";

/** CSS custom properties of the series; `style.ts` gives each a light and a dark value. */
export const policyColour: Readonly<Record<PolicyName, string>> = {
  raw: "var(--c-slate)",
  compress: "var(--c-blue)",
  screen: "var(--c-violet)",
  detect: "var(--c-teal)",
  chips: "var(--c-amber)",
  adaptive: "var(--c-rose)",
};

/** Of a simulated fleet's flights: straight down, and with crosslinks. */
export const flightColour = ({ crosslinks }: { readonly crosslinks: boolean }): string =>
  crosslinks ? "var(--c-teal)" : "var(--c-slate)";

const series = ["teal", "amber", "blue", "rose", "violet", "green", "slate", "sky", "sand", "brick"];

/** A colour for the nth of a list of any length. */
export const seriesColour = (index: number): string => `var(--c-${series[index % series.length]})`;
