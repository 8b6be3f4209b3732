import { formatCount, formatCountOf } from "../../../pipeline/format.ts";
import type { FleetSummary } from "../../summary/fleet-summary.ts";
import { typeset } from "../drawing/figures.ts";
import { html, type Markup } from "../drawing/html.ts";
import { type GroundTrack, type MapStation, worldMap } from "../drawing/world-map.ts";

/** Where a fleet is heard, and one orbit of one of its satellites: the tracks of all would be a grey ball. */
export interface FleetPlaces {
  readonly stations: readonly MapStation[];
  readonly satellite: string;
  /** One revolution from the start of the horizon. */
  readonly track: GroundTrack;
}

/** The stations and one orbit on a map. */
export const fleetMap = (summary: FleetSummary, { stations, satellite, track }: FleetPlaces): Markup => {
  const { constellation, horizon } = summary;
  const finding = `Map: ${formatCountOf(stations.length, "station")} and one orbit of ${satellite}`;
  return html`${worldMap({ finding, scenes: [], stations, tracks: [track] })}
    <p class="note">
      ${typeset(
        `Squares: stations. Thin line: one orbit of ${satellite}, the first of ${formatCount(constellation.satellites)}, from ${horizon.from.slice(0, 16).replace("T", " ")} UTC on.`,
      )}
    </p>`;
};
