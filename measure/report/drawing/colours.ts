/** The hue of what a policy mostly sends; `style.ts` gives each a light and a dark value. */
const known: Readonly<Record<string, string>> = {
  raw: "var(--lossless)",
  compress: "var(--lossy)",
  screen: "var(--lossless)",
  detect: "var(--detections)",
  chips: "var(--chips)",
  adaptive: "var(--detections)",
};

/** The policy that a label is of, without its settings: `chips` of `chips:margin=16`. */
export const policyName = (label: string): string => label.split(":")[0] ?? label;

/** Whether a policy has a colour of its own. */
export const isKnownPolicy = (label: string): boolean => policyName(label) in known;

/**
 * The hue of a policy, by its label. Colour stands for the kind of product, so policies that send the same kind share a hue and are
 * told apart by their names; one that nobody has drawn before is grey.
 */
export const policyColour = (label: string): string => known[policyName(label)] ?? "var(--plan)";

/** A colour of a chart as that of the text beside it: hues too light for type are darkened. */
export const textColour = (colour: string): string =>
  colour === "var(--lossy)" ? "var(--lossless)" : colour === "var(--plan)" ? "var(--ink2)" : colour;

/** The hue of a policy as text. */
export const policyInk = (label: string): string => textColour(policyColour(label));

/** Of a simulated fleet's flights: straight down, and with crosslinks. */
export const flightColour = ({ crosslinks }: { readonly crosslinks: boolean }): string =>
  crosslinks ? "var(--detections)" : "var(--plan)";

const series = ["teal", "amber", "blue", "rose", "violet", "green", "slate", "sky", "sand", "brick"];

/** A colour for the nth of a list of any length. */
export const seriesColour = (index: number): string => `var(--c-${series[index % series.length]})`;
