import type { LinkBudget } from "../../pipeline/link/budget/link-budget.ts";
import { oecLink, oecLinkFigures } from "../../pipeline/link/budget/oec-link.ts";
import { assumed, published, type Sheet } from "./figure.ts";

const { power, gain, lineLoss, frequency, bandwidth, receiveGain, noiseTemperature } = oecLinkFigures;
const bound = "cote takes what Shannon allows, and leaves this out";

/** The downlink of cote's cubesat, figure by figure. */
export const oecBudget: Sheet<LinkBudget> = {
  frequency,
  transmitter: {
    power,
    gain: published(gain.value, "dB", `${gain.source}; over an isotropic antenna`),
    losses: lineLoss,
  },
  receiver: {
    gOverT: published(
      oecLink.receiver.gOverT,
      "dB/K",
      `${receiveGain.source}: ${receiveGain.value} dB over an isotropic antenna; ${noiseTemperature.source}`,
    ),
    noiseTemperature,
  },
  losses: assumed(0, "dB", bound),
  atmosphere: { gases: assumed(null, "", bound), rain: assumed(null, "", bound) },
  coding: { kind: "shannon", bandwidth },
  implementationMargin: assumed(0, "dB", bound),
  linkMargin: assumed(0, "dB", bound),
  maxRate: assumed(null, "", "cote knows no ceiling"),
};
