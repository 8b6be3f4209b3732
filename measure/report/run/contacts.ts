import { formatCountOf } from "../../../pipeline/format.ts";
import { parseInstant } from "../../../pipeline/units.ts";
import { contactLanes } from "../drawing/contact-lanes.ts";
import { countWordOf, durationText } from "../drawing/figures.ts";
import { html, type Content } from "../drawing/html.ts";
import { stationHours } from "../drawing/station-hours.ts";
import type { ReportInput } from "./report-input.ts";

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Lanes of contacts with the scenes on them, and stations by their hours. */
export const contactSection = ({ summary, contacts, scenes }: ReportInput): Content => {
  const from = parseInstant(summary.horizon.from);
  const to = parseInstant(summary.horizon.to);
  if (from === null || to === null || to <= from || contacts.length === 0)
    return html`<p class="empty">No contact was planned.</p>`;
  const { satellites } = summary.constellation;
  const heard = new Set(scenes.flatMap(({ station }) => station ?? []));
  const marks = scenes.map(({ scene, satellite, takenAt }) => ({ satellite, at: takenAt, name: scene }));
  return html`<div class="two-up wide-left">
    <div>
      <h3>
        ${capital(countWordOf(satellites.length, "satellite"))}, ${durationText(to - from)}:
        ${formatCountOf(summary.contacts.planned, "contact")}, ${durationText(summary.contacts.totalSeconds)}
        in all
      </h3>
      ${contactLanes({ from, to, satellites, contacts, marks })}
    </div>
    <div>
      <h3>Stations, hours of contact</h3>
      ${stationHours(summary.stations, contacts, heard)}
    </div>
  </div>`;
};
