import { codecOf } from "../../../pipeline/product/product.ts";
import {
  delayText,
  deliveredFraction,
  foundOnBoard,
  flightName,
  sentFractionOf,
} from "../../summary/fleet-headline.ts";
import type { FleetSummary, FlightSummary } from "../../summary/fleet-summary.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatJoules,
  formatPercent,
} from "../../../pipeline/format.ts";
import { flightColour } from "../drawing/colours.ts";
import { html, type Markup } from "../drawing/html.ts";

const optional = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? "–" : format(value);

interface Line {
  readonly name: string;
  readonly hint?: string;
  readonly cell: (flight: FlightSummary) => string;
}

const volume: readonly Line[] = [
  {
    name: "pictures through the computer",
    cell: ({ acquisitions }) =>
      `${formatCount(acquisitions.processedOnBoard)} of ${formatCount(acquisitions.planned)}`,
  },
  {
    name: "on the link",
    hint: "Framing and retransmissions included",
    cell: ({ bytes }) => formatBytes(bytes.onLink),
  },
  {
    name: "of baseline",
    hint: "Against the same imagery as lossless tiles, framed",
    cell: (flight) => optional(sentFractionOf(flight), formatPercent),
  },
  { name: "passed on over crosslinks", cell: ({ bytes }) => formatBytes(bytes.crosslinks) },
];

/** Where tiles were shared out. */
const sharedLines: readonly Line[] = [
  {
    name: "tiles computed by another satellite",
    cell: ({ offload }) => optional(offload?.tiles, formatCount),
  },
  {
    name: "pixels handed over for that",
    hint: "As sensors hand them over, once each",
    cell: ({ offload }) => optional(offload?.pixelBytes, formatBytes),
  },
  {
    name: "work on tiles of others",
    hint: "Of computers at full speed, and what they draw for it besides waiting",
    cell: ({ offload }) =>
      offload === undefined
        ? "–"
        : `${formatDuration(offload.computeSeconds)}, ${formatJoules(offload.computeJoules)}`,
  },
];

const found: Line = { name: "detections on board", cell: ({ detections }) => formatCount(detections) };

const books: readonly Line[] = [
  { name: "made on board", cell: ({ conservation }) => formatBytes(conservation.producedBytes) },
  {
    name: "= delivered",
    cell: (flight) =>
      `${formatBytes(flight.conservation.deliveredBytes)} (${optional(deliveredFraction(flight), formatPercent)})`,
  },
  { name: "+ still on board", cell: ({ conservation }) => formatBytes(conservation.onBoardBytes) },
  { name: "+ given up, store full", cell: ({ conservation }) => formatBytes(conservation.droppedBytes) },
];

const delayLines = ({ flights }: FleetSummary): readonly Line[] => {
  const kinds = [...new Set(flights.flatMap(({ delays }) => delays.map(({ kind }) => kind)))];
  return kinds.flatMap((kind): readonly Line[] => {
    const of = (flight: FlightSummary) => flight.delays.find((delays) => delays.kind === kind);
    return [
      {
        name: `${codecOf(kind).name} on the ground`,
        cell: (flight) =>
          `${formatCount(of(flight)?.delivered ?? 0)} of ${formatCount(of(flight)?.made ?? 0)}`,
      },
      {
        name: "median, picture to ground",
        hint: "Of all that were made; later: not within the horizon",
        cell: (flight) => delayText(of(flight)?.medianSeconds ?? null),
      },
      {
        name: "90th percentile",
        hint: "Of all that were made; later: not within the horizon",
        cell: (flight) => delayText(of(flight)?.p90Seconds ?? null),
      },
      {
        name: "the slowest that came",
        cell: (flight) => optional(of(flight)?.slowestSeconds, formatDuration),
      },
    ];
  });
};

/** The flights side by side: what was sent, how soon it was there, and where every byte ended. */
export const fleetTable = (summary: FleetSummary): Markup => {
  const { flights } = summary;
  const shared = flights.some(({ offload }) => offload !== undefined) ? sharedLines : [];
  const row = ({ name, hint, cell }: Line): Markup =>
    html`<tr>
      <th scope="row">${hint === undefined ? name : html`<abbr title="${hint}">${name}</abbr>`}</th>
      ${flights.map((flight) => html`<td>${cell(flight)}</td>`)}
    </tr>`;
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col"></th>
            ${flights.map(
              (flight) =>
                html`<th scope="col">
                  <span class="swatch" style="background:${flightColour(flight)}"></span>${flightName(flight)}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${[...volume, ...shared, ...(foundOnBoard(summary) ? [found] : []), ...delayLines(summary), ...books].map(row)}
        </tbody>
      </table>
    </div>
    <p class="note">
      Bytes made = delivered + still on board + given up, checked byte for
      byte.${
        flights.length > 1 &&
        " The same pictures were flown twice; a flight that delivers more may have a higher median for it."
      }
    </p>`;
};
