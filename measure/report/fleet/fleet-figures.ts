import {
  delayText,
  deliveredFraction,
  leadingDelays,
  leadingFlight,
  sentFractionOf,
} from "../../summary/fleet-headline.ts";
import type { FleetSummary, FlightSummary } from "../../summary/fleet-summary.ts";
import { formatJoules, formatPercent } from "../../../pipeline/format.ts";
import { html, type Markup } from "../drawing/html.ts";

interface Figure {
  readonly name: string;
  readonly of: (flight: FlightSummary) => string | null;
}

const figures: readonly Figure[] = [
  {
    name: "link volume saved",
    of: (flight) => {
      const share = sentFractionOf(flight);
      return share === null ? null : formatPercent(1 - share);
    },
  },
  {
    name: "median of all made, picture to ground",
    of: (flight) => {
      const delays = leadingDelays(flight);
      return delays === null ? null : delayText(delays.medianSeconds);
    },
  },
  {
    name: "of all bytes made came down",
    of: (flight) => {
      const share = deliveredFraction(flight);
      return share === null ? null : formatPercent(share);
    },
  },
  {
    name: "energy a picture",
    of: ({ energyJoules, acquisitions }) =>
      acquisitions.planned === 0 ? null : formatJoules(energyJoules.total / acquisitions.planned),
  },
];

/** Four numbers under the headline; with crosslinks, what it is without beside each. */
export const fleetFigures = (summary: FleetSummary): Markup => {
  const lead = leadingFlight(summary);
  const direct = summary.flights.find((flight) => flight !== lead) ?? null;
  return html`<ul class="figures">
    ${figures.map(({ name, of }) => {
      const value = of(lead);
      const beside = direct === null ? null : of(direct);
      return (
        value !== null &&
        html`<li>
          <span class="number">${value}</span><span class="what">${name}</span>${
            beside !== null &&
            html`<span class="beside">${beside === value ? "the same" : beside} straight down</span>`
          }
        </li>`
      );
    })}
  </ul>`;
};
