import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { readLinkBudget } from "../pipeline/link/budget-file.ts";
import { eirpOf, type LinkBudget } from "../pipeline/link/budget.ts";
import { oecLink } from "../pipeline/link/oec-link.ts";
import { readOpticalLink } from "../pipeline/link/optical-file.ts";
import type { OpticalLink } from "../pipeline/link/optical.ts";
import type { LinkRate } from "../pipeline/link/rate.ts";
import { formatNumber, formatSi } from "../pipeline/meter/format.ts";
import { degrees } from "../pipeline/units.ts";
import { parseNumber, parseRate } from "./quantity.ts";

/** Budgets that `budget:NAME` knows. */
const shipped: Readonly<Record<string, LinkBudget>> = { oec: oecLink };

const readYaml = (option: string, file: string, wanted: string): unknown => {
  try {
    return parseYaml(readFileSync(file, "utf8"));
  } catch (cause) {
    // The parser goes on to draw the place, over several lines.
    const got = (messageOf(cause).split("\n")[0] ?? "").replace(/:$/, "");
    throw new SwathError("config", { what: `--rate ${option}:${file}`, wanted, got, cause });
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

const describeCoding = ({ coding }: LinkBudget): string => {
  if (coding.kind === "shannon") return `Shannon capacity of ${formatSi(coding.bandwidth, "Hz")}`;
  const { symbolRate, modulations, pilots, hysteresis } = coding;
  const named = modulations.length === 4 ? "up to 32APSK" : modulations.join(", ");
  return (
    `DVB-S2 (EN 302 307-1), ${formatSi(symbolRate, "symbol/s")}, ${named}, pilots ${pilots ? "on" : "off"}, ` +
    `${formatNumber(hysteresis)} dB hysteresis`
  );
};

const describeBudget = (budget: LinkBudget): string => {
  const { frequency, receiver, atmosphere, implementationMargin, linkMargin, maxRate } = budget;
  const { gases, rain } = atmosphere;
  return [
    `link budget at ${formatSi(frequency, "Hz")}: EIRP ${formatNumber(eirpOf(budget))} dBW`,
    `G/T ${formatNumber(receiver.gOverT)} dB/K unless a station states its own`,
    describeCoding(budget),
    `${formatNumber(implementationMargin + linkMargin)} dB of margins`,
    gases === null
      ? "no gases"
      : `gases by ITU-R P.676 in the reference atmosphere, ${formatNumber(gases.surfaceVapour)} g/m³ water vapour`,
    rain === null
      ? "no rain"
      : `rain by ITU-R P.618 of ${formatNumber(rain.rate)} mm/h, fade exceeded ${formatNumber(rain.exceeded)} % of a year`,
    ...(maxRate === null ? [] : [`at most ${formatSi(maxRate, "bit/s")}`]),
  ].join("; ");
};

const describeOptical = (link: OpticalLink): string =>
  link.kind === "reference"
    ? `optical, ${formatSi(link.rate, "bit/s")} at ${formatNumber(link.range / 1000)} km and with 1/r² elsewhere`
    : `optical, ${formatSi(link.power, "W")} at ${formatNumber(link.wavelength * 1e9)} nm, ` +
      `${formatNumber(link.photonsPerBit)} photons a bit, clear sky`;

/** The link's model in words, for the summary and the report. */
export const describeRate = (rate: LinkRate): string => {
  switch (rate.kind) {
    case "fixed":
      return `fixed ${formatSi(rate.rate, "bit/s")}`;
    case "by-elevation":
      return rate.steps
        .map((step) => `${formatSi(step.rate, "bit/s")} from ${step.fromElevation}°`)
        .join(", ");
    case "budget":
      return describeBudget(rate.budget);
    case "optical":
      return `${describeOptical(rate.link)}; at most ${formatSi(rate.link.maxRate, "bit/s")}`;
  }
};
