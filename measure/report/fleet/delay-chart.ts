import { codecOf } from "../../../pipeline/product/product.ts";
import { flightName } from "../../summary/fleet-headline.ts";
import { fleetDelays, type Delays, type FleetRecord } from "../../fleet/fleet-record.ts";
import { nearestRank } from "../../statistics.ts";
import type { FleetSummary, FlightSummary } from "../../summary/fleet-summary.ts";
import { formatDuration, formatPercent } from "../../../pipeline/format.ts";
import { flightColour } from "../drawing/colours.ts";
import { html, type Markup, point } from "../drawing/html.ts";
import { legend } from "../drawing/legend.ts";

const size = { width: 1000, height: 300, left: 48, right: 24, top: 10, bottom: 26 };
/** Round durations, s. */
const ticks = [1, 10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 3 * 86_400, 10 * 86_400];
const steps = 200;

interface Curve {
  readonly flight: FlightSummary;
  readonly delays: Delays;
}

const plot = (curves: readonly Curve[], kind: string): Markup => {
  const least = Math.min(
    ...curves.map(({ delays }) => nearestRank(delays.sorted, 0, delays.delivered) ?? Infinity),
  );
  const most = Math.max(...curves.map(({ delays }) => nearestRank(delays.sorted, 1, delays.delivered) ?? 0));
  const low = Math.log10(Math.max(1, Math.min(least, most / 10)));
  const high = Math.log10(Math.max(10, most));
  const x = (seconds: number): number =>
    size.left +
    ((Math.log10(Math.max(seconds, 10 ** low)) - low) / (high - low)) * (size.width - size.left - size.right);
  const y = (share: number): number => size.top + (1 - share) * (size.height - size.top - size.bottom);
  const path = ({ delays }: Curve): string =>
    Array.from({ length: steps + 1 }, (_, n) => {
      const share = n / steps;
      const rank = nearestRank(delays.sorted, share, delays.delivered) ?? 0;
      const at = `${point(x(rank))} ${point(y((share * delays.delivered) / delays.made))}`;
      return `${n === 0 ? "M" : "L"}${at}`;
    }).join("");
  const shown = ticks.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high);
  const spoken = curves
    .map(({ flight, delays }) => {
      const median = nearestRank(delays.sorted, 0.5, delays.made);
      return `${flightName(flight)}: ${formatPercent(delays.delivered / delays.made)} on the ground, median of all made ${median === null ? "later" : formatDuration(median)}`;
    })
    .join("; ");
  return html`<figure class="trace">
    <figcaption>${kind}: share on the ground so long after the picture</figcaption>
    <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${kind}. ${spoken}">
      ${[0, 0.25, 0.5, 0.75, 1].map(
        (share) =>
          html`<line
              class="grid"
              x1="${size.left}"
              x2="${size.width - size.right}"
              y1="${point(y(share))}"
              y2="${point(y(share))}"
            />
            <text x="${size.left - 6}" y="${point(y(share) + 4)}" text-anchor="end">${share * 100} %</text>`,
      )}
      ${shown.map(
        (tick) =>
          html`<line
              class="grid"
              x1="${point(x(tick))}"
              x2="${point(x(tick))}"
              y1="${size.top}"
              y2="${size.height - size.bottom}"
            />
            <text x="${point(x(tick))}" y="${size.height - 8}" text-anchor="middle"
              >${formatDuration(tick).replace(/ 00 \w+$/, "")}</text
            >`,
      )}
      ${curves.map((curve) => {
        const { flight, delays } = curve;
        const median = nearestRank(delays.sorted, 0.5, delays.made);
        const mid = 0.5;
        return html`<path class="curve" d="${path(curve)}" style="stroke:${flightColour(flight)}" /> ${
            median !== null &&
            html`<circle
              cx="${point(x(median))}"
              cy="${point(y(mid))}"
              r="5"
              class="dot"
              style="fill:${flightColour(flight)}"
              ><title>
                ${flightName(flight)}: median of those delivered ${formatDuration(median)}
              </title></circle
            >`
          }`;
      })}
    </svg>
  </figure>`;
};

/** How long products took to the ground, each kind a plot, each flight a curve; `null` when nothing came down. */
export const delayChart = (
  { flights }: FleetSummary,
  records: readonly (readonly FleetRecord[])[],
): Markup | null => {
  const all = flights.map((flight, n) => ({ flight, delays: fleetDelays(records[n] ?? []) }));
  const kinds = [...new Set(all.flatMap(({ delays }) => delays.map(({ kind }) => kind)))];
  const plots = kinds.flatMap((kind) => {
    const curves = all.flatMap(({ flight, delays }) => {
      const own = delays.find((one) => one.kind === kind);
      return own === undefined || own.delivered === 0 ? [] : [{ flight, delays: own }];
    });
    return curves.length === 0 ? [] : [plot(curves, codecOf(kind).name)];
  });
  if (plots.length === 0) return null;
  return html`${legend(flights.map((flight) => ({ name: flightName(flight), colour: flightColour(flight) })))}
    ${plots}
    <p class="note">
      A curve ends at the share that came down by the end of the horizon. Dots: the median of those delivered.
      Time for the ground to unpack and publish is not in it.
    </p>`;
};
