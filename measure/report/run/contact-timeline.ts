import { formatBytes, formatDuration } from "../../../pipeline/format.ts";
import type { RunSummary } from "../../summary/run-summary.ts";
import { formatInstant, parseInstant } from "../../../pipeline/units.ts";
import { seriesColour } from "../drawing/colours.ts";
import { html, type Markup, percent } from "../drawing/html.ts";
import { legend } from "../drawing/legend.ts";
import type { ReportContact } from "./report-input.ts";
import { timeLabel, timeTicks } from "../drawing/scale.ts";

/** Rows that still make a picture; more satellites are counted in words. */
const mostRows = 24;

const spoken = ({ station, aos, los, bytesByPolicy }: ReportContact): string => {
  const sent = Object.entries(bytesByPolicy).map(([policy, bytes]) => `${policy} ${formatBytes(bytes)}`);
  const when = `${formatInstant(aos).slice(11, 19)}, ${formatDuration(los - aos)}`;
  return `${station}, ${when}: ${sent.join(", ") || "nothing sent"}`;
};

const used = ({ bytesByPolicy }: ReportContact): boolean =>
  Object.values(bytesByPolicy).some((bytes) => bytes > 0);

/** Satellites down, time across, a block for each contact in its station's colour; hollow when no policy sent anything. */
export const contactTimeline = (summary: RunSummary, contacts: readonly ReportContact[]): Markup | null => {
  const from = parseInstant(summary.horizon.from);
  const to = parseInstant(summary.horizon.to);
  if (from === null || to === null || to <= from || contacts.length === 0) return null;
  const stations = summary.stations.filter(({ id }) => contacts.some(({ station }) => station === id));
  const colourOf = new Map(stations.map(({ id }, i) => [id, seriesColour(i)]));
  const at = (time: number) => percent(Math.min(1, Math.max(0, (time - from) / (to - from))));
  const ticks = timeTicks(from, to, 6);
  const satellites = summary.constellation.satellites.filter((name) =>
    contacts.some((c) => c.satellite === name),
  );
  const shown = satellites.slice(0, mostRows);
  const grid = ticks.map((t) => html`<line x1="${at(t)}" x2="${at(t)}" y1="0" y2="100%" class="grid" />`);
  const rows = shown.map((name) => {
    const own = contacts.filter(({ satellite }) => satellite === name);
    const blocks = own.map((contact) => {
      const colour = colourOf.get(contact.station) ?? "var(--c-slate)";
      const width = percent(Math.max(0, contact.los - contact.aos) / (to - from));
      return html`<rect
        x="${at(contact.aos)}"
        y="4"
        width="${width}"
        height="12"
        rx="1.5"
        style="stroke:${colour};fill:${used(contact) ? colour : "none"}"
        class="pass"
        ><title>${spoken(contact)}</title></rect
      >`;
    });
    return html`<div class="row wide">
      <span class="name">${name}</span
      ><svg role="img" aria-label="${name}: ${own.length} contacts" width="100%" height="20">
        ${grid}${blocks}
      </svg>
    </div>`;
  });
  const hidden = satellites.length - shown.length;
  return html`${legend(stations.map(({ id, name }) => ({ name, colour: colourOf.get(id)! })))}
    <div class="chart">
      <div class="row wide head">
        <span></span
        ><svg aria-hidden="true" width="100%" height="16">
          ${ticks.map(
            (t) =>
              html`<text
                x="${at(t)}"
                y="12"
                text-anchor="${t === to ? "end" : t === from ? "start" : "middle"}"
                >${timeLabel(t, to - from)}</text
              >`,
          )}
        </svg>
      </div>
      ${rows}
    </div>
    <p class="note">
      ${summary.contacts.planned} contacts, ${formatDuration(summary.contacts.totalSeconds)} in all; UTC.
      Hollow: no policy sent anything.${hidden > 0 && ` ${hidden} more satellites are not drawn.`} Hover a
      contact for what each policy sent in it.
    </p>`;
};
