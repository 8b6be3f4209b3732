import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { readLinkBudget } from "../../pipeline/link/budget/link-budget-file.ts";
import type { LinkBudget } from "../../pipeline/link/budget/link-budget.ts";
import { oecLink } from "../../pipeline/link/budget/oec-link.ts";
import { readOpticalLink } from "../../pipeline/link/budget/optical-file.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { CrosslinkTerminals } from "../../pipeline/mission/spacecraft.ts";
import { bitsPerSecond, degrees, metres } from "../../pipeline/units.ts";
import { parseNumber, parseRate } from "../../pipeline/quantity.ts";

/** Budgets that `budget:NAME` knows. */
const shipped: Readonly<Record<string, LinkBudget>> = { oec: oecLink };

const readYaml = (option: string, file: string, wanted: string, flag = "--rate"): unknown => {
  try {
    return parseYaml(readFileSync(file, "utf8"));
  } catch (cause) {
    // The parser goes on to draw the place, over several lines.
    const got = (messageOf(cause).split("\n")[0] ?? "").replace(/:$/, "");
    throw new SwathError("config", { what: `${flag} ${option}:${file}`, wanted, got, cause });
  }
};

const readBudget = (name: string): LinkBudget =>
  shipped[name] ??
  readLinkBudget(readYaml("budget", name, `a YAML file, or one of ${Object.keys(shipped).join(", ")}`), name);

/**
 * `8Mbit/s`; `5:2Mbit/s,20:8Mbit/s` by elevation; `budget:link.yaml`, `budget:oec`, `optical:laser.yaml`; `budget` for
 * the spacecraft's own radio.
 *
 * @param radio the rate of the spacecraft's radio, where there is one
 * @throws SwathError("config") for anything else, a file that cannot be read or holds no budget
 */
export const parseLinkRate = (text: string, radio: LinkRate | null = null): LinkRate => {
  if (text === "budget") {
    if (radio !== null && (radio.kind === "budget" || radio.kind === "optical")) return radio;
    throw new SwathError("config", {
      what: "--rate budget",
      wanted: "a spacecraft whose radio has a link budget",
      got: radio === null ? "none" : "one with a plain rate",
      hint: "name a budget: --rate budget:link.yaml",
    });
  }
  if (text.startsWith("budget:")) {
    return { kind: "budget", budget: readBudget(text.slice("budget:".length)), sites: {} };
  }
  if (text.startsWith("optical:")) {
    const file = text.slice("optical:".length);
    return { kind: "optical", link: readOpticalLink(readYaml("optical", file, "a YAML file"), file) };
  }
  if (!text.includes(":")) return { kind: "fixed", rate: parseRate("--rate", text) };
  const steps = text.split(",").map((step) => {
    const [elevation = "", rate = ""] = step.split(":");
    return {
      fromElevation: degrees(parseNumber("--rate (elevation)", elevation, 0, 90)),
      rate: parseRate("--rate", rate),
    };
  });
  return { kind: "by-elevation", steps: steps.toSorted((a, b) => a.fromElevation - b.fromElevation) };
};

/**
 * A rate that is known at a distance, for terminals of which nothing else is: 25 Gbit/s up to 4,000 km of a mini laser (SpaceNews on
 * Muon Space and Starlink, 21 October 2025).
 */
const knownCrosslink = { rate: bitsPerSecond(25e9), range: metres(4_000_000) } as const;

/**
 * What links between satellites run at: `10Gbit/s` at any length; `optical:laser.yaml`, by length; `budget`, by length from a rate that is known
 * at a distance, and at most the terminals' own. Throws `SwathError("config")` for anything else.
 */
export const parseCrosslinkRate = (
  text: string,
  { rate }: Pick<CrosslinkTerminals, "rate">,
): Pick<CrosslinkTerminals, "rate" | "optical"> => {
  if (text === "budget") return { rate, optical: { kind: "reference", ...knownCrosslink, maxRate: rate } };
  if (!text.startsWith("optical:")) return { rate: parseRate("--crosslink-rate", text) };
  const file = text.slice("optical:".length);
  const optical = readOpticalLink(readYaml("optical", file, "a YAML file", "--crosslink-rate"), file);
  return { rate: optical.maxRate, optical };
};
