import { type LinkBudget, eirpOf } from "../budget/link-budget.ts";
import { formatSi, formatNumber } from "../../format.ts";
import type { OpticalLink } from "../budget/optical-link.ts";
import type { LinkRate } from "./link-rate.ts";

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
