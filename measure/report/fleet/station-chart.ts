import { flightName, leadingFlight } from "../../summary/fleet-headline.ts";
import type { FleetSummary } from "../../summary/fleet-summary.ts";
import { formatBytes, formatCountOf, formatDuration, formatPercent } from "../../../pipeline/format.ts";
import { flightColour } from "../drawing/colours.ts";
import { html, type Markup } from "../drawing/html.ts";
import { spokenSegments, stackedBar } from "../drawing/stacked-bar.ts";

/** Rows that still make a picture; more stations are counted in words. */
const mostRows = 30;

/** What each station heard in the flight that was asked for, the busiest first; time on the air beside it. */
export const stationChart = (summary: FleetSummary): Markup | null => {
  const flight = leadingFlight(summary);
  const busiest = flight.stations.toSorted((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1));
  const most = Math.max(...busiest.map(({ bytes }) => bytes));
  if (!(most > 0)) return null;
  const series = { name: flightName(flight), colour: flightColour(flight) };
  const idle = busiest.filter(({ contacts }) => contacts === 0);
  const used = busiest.filter(({ contacts }) => contacts > 0);
  const shown = used.slice(0, mostRows);
  const rows = shown.map(({ id, contacts, bytes, seconds }) => {
    const segments = [{ series, value: bytes, text: formatBytes(bytes) }];
    return html`<div class="row">
      <span class="name" title="${id}">${id}</span>
      ${stackedBar(segments, most, spokenSegments(id, segments))}
      <span class="value"
        >${formatBytes(bytes)} · ${formatCountOf(contacts, "contact")} · ${formatDuration(seconds)}</span
      >
    </div>`;
  });
  const share = flight.transmitSeconds / Math.max(1, summary.contacts.totalSeconds);
  return html`<div class="chart stations">${rows}</div>
    <p class="note">
      ${formatCountOf(summary.contacts.planned, "contact")} planned,
      ${formatDuration(summary.contacts.totalSeconds)} in all, of which transmitters were on for
      ${formatPercent(share)}.
      ${used.length > shown.length && `${formatCountOf(used.length - shown.length, "more station")} not drawn.`}
      ${
        idle.length > 0 &&
        `Never sent to: ${idle
          .slice(0, 12)
          .map(({ id }) => id)
          .join(", ")}${idle.length > 12 ? ", …" : ""}.`
      }
    </p>`;
};
