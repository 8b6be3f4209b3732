import { degrees } from "../../../pipeline/units.ts";
import type { OrderRow } from "../../summary/order-summary.ts";
import { formatCount, formatCountOf } from "../../../pipeline/format.ts";
import { html, type Markup } from "../drawing/html.ts";
import { worldMap, type MapScene } from "../drawing/world-map.ts";

/** Orders that are drawn; the list has all. */
const mostDrawn = 300;
/** At most this many have their names beside them. */
const mostNamed = 40;

const stateOf = ({ landedAt, fate }: OrderRow): MapScene["state"] =>
  landedAt !== null ? "landed" : fate === "accepted" || fate === "done" ? "later" : "never";

/** The areas that were ordered, by what became of them; `null` where no order has one. */
export const orderMap = (orders: readonly OrderRow[]): Markup | null => {
  const placed = orders.filter(({ bbox }) => bbox !== undefined);
  if (placed.length === 0) return null;
  const areas = placed.slice(0, mostDrawn).map((row): MapScene => {
    const [west = 0, south = 0, east = 0, north = 0] = row.bbox ?? [];
    const wide = (((east - west) % 360) + 360) % 360;
    const id = row.id ?? "";
    return {
      longitude: degrees(((west + wide / 2 + 540) % 360) - 180),
      latitude: degrees((south + north) / 2),
      name: placed.length <= mostNamed ? id : "",
      short: placed.length <= mostNamed ? id : "",
      state: stateOf(row),
      station: null,
    };
  });
  const landed = areas.filter(({ state }) => state === "landed").length;
  const later = areas.filter(({ state }) => state === "later").length;
  const finding = `Map: ${formatCountOf(areas.length, "area")} ordered, ${formatCount(landed)} of them on the ground`;
  return html`${worldMap({ finding, scenes: areas, stations: [], tracks: [] })}
    <p class="keyline mapkey">
      <span
        ><svg aria-hidden="true" viewBox="0 0 18 12"><circle class="scene" cx="9" cy="6" r="4.5" /></svg>on
        the ground: ${formatCount(landed)}</span
      >
      <span
        ><svg aria-hidden="true" viewBox="0 0 18 12"><circle class="scene later" cx="9" cy="6" r="4" /></svg
        >on board: ${formatCount(later)}</span
      >
      <span
        ><svg aria-hidden="true" viewBox="0 0 18 12"><circle class="scene never" cx="9" cy="6" r="4" /></svg
        >not done: ${formatCount(areas.length - landed - later)}</span
      >
    </p>`;
};
