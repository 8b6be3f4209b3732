import { formatCountOf } from "../../../pipeline/format.ts";
import type { LaneContact } from "./contact-lanes.ts";
import { html, type Markup, percent } from "./html.ts";

/** A station and how it is called. */
export interface NamedStation {
  readonly id: string;
  readonly name: string;
}

/** Stations that still make a list; of more, the busiest and those that heard something. */
const [mostListed, mostOfMany] = [40, 10] as const;

/** Stations by their hours of contact, the busiest first; those that heard a scene in bold. */
export const stationHours = (
  stations: readonly NamedStation[],
  contacts: readonly LaneContact[],
  heard: ReadonlySet<string>,
): Markup => {
  const hours = new Map<string, number>(stations.map(({ id }) => [id, 0]));
  for (const { station, aos, los } of contacts)
    hours.set(station, (hours.get(station) ?? 0) + (los - aos) / 3600);
  const busiest = stations.toSorted(
    (a, b) => (hours.get(b.id) ?? 0) - (hours.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const shown =
    busiest.length <= mostListed
      ? busiest
      : busiest.filter(({ id }, i) => i < mostOfMany || heard.has(id)).slice(0, mostListed);
  const most = Math.max(...hours.values(), 1e-9);
  const rest = busiest.length - shown.length;
  return html`${shown.map(({ id, name }) => {
      const own = hours.get(id) ?? 0;
      return html`<div class="row station${heard.has(id) && " heard"}">
        <span class="name" title="${name}">${name}</span
        ><svg aria-hidden="true" width="100%" height="8">
          <rect width="${percent(own / most)}" height="8" style="fill:var(--plan)" /></svg
        ><span class="value">${own === 0 ? "none" : `${own.toFixed(1)}\u202fh`}</span>
      </div>`;
    })}
    <p class="note">
      ${heard.size > 0 && "Bold: heard a scene."}${rest > 0 && ` ${formatCountOf(rest, "more station")}, listed in contacts.csv.`}
    </p>`;
};
