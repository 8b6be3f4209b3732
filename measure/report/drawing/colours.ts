/** CSS custom properties of the series; `style.ts` gives each a light and a dark value. */
const known: Readonly<Record<string, string>> = {
  raw: "var(--c-slate)",
  compress: "var(--c-blue)",
  screen: "var(--c-violet)",
  detect: "var(--c-teal)",
  chips: "var(--c-amber)",
  adaptive: "var(--c-rose)",
};

/** Colours that no known policy has. */
const others = ["var(--c-green)", "var(--c-sky)", "var(--c-sand)", "var(--c-brick)"];

export const isKnownPolicy = (label: string): boolean => label in known;

/** The colour of a policy, by its label, the same in every drawing. New policies and other settings share the rest by a hash. */
export const policyColour = (label: string): string => {
  const hash = label.split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  return known[label] ?? (others[hash % others.length] as string);
};

/** Of a simulated fleet's flights: straight down, and with crosslinks. */
export const flightColour = ({ crosslinks }: { readonly crosslinks: boolean }): string =>
  crosslinks ? "var(--c-teal)" : "var(--c-slate)";

const series = ["teal", "amber", "blue", "rose", "violet", "green", "slate", "sky", "sand", "brick"];

/** A colour for the nth of a list of any length. */
export const seriesColour = (index: number): string => `var(--c-${series[index % series.length]})`;
