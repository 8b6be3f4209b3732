import type { Instant } from "../../pipeline/units.ts";
import { placeOf } from "../map/orbit-places.ts";
import type { LonLat } from "../map/view.ts";
import type { Prepared } from "./prepared.ts";

/** What is selected: one thing, and with it the chain that it belongs to. Rows of the record, but for names that outlive one. */
export type Selection =
  | { readonly kind: "satellite"; readonly name: string }
  | { readonly kind: "station"; readonly name: string }
  | { readonly kind: "acquisition"; readonly acquisition: number }
  | { readonly kind: "detection"; readonly acquisition: number; readonly detection: number };

/** The satellite that the selection is about: itself, or the one that took the scene. −1 for none. */
export const focusSatellite = ({ head, plan }: Prepared, selection: Selection | null): number => {
  if (selection === null || selection.kind === "station") return -1;
  if (selection.kind === "satellite") return head.satellites.indexOf(selection.name);
  return plan.acquisitions.columns.satellite[selection.acquisition] ?? -1;
};

/** The station that is selected; −1 for none. */
export const focusStation = ({ head }: Prepared, selection: Selection | null): number =>
  selection?.kind === "station" ? head.stations.findIndex(({ id }) => id === selection.name) : -1;

/** One step up the chain: from a detection to its scene, from a scene to its satellite, from that to nothing. */
export const stepUp = (prepared: Prepared, selection: Selection): Selection | null => {
  if (selection.kind === "detection") return { kind: "acquisition", acquisition: selection.acquisition };
  if (selection.kind !== "acquisition") return null;
  const name = prepared.head.satellites[focusSatellite(prepared, selection)];
  return name === undefined ? null : { kind: "satellite", name };
};

/** Where the selection is at `t`: the scene, the station, or under the satellite; `null` where nobody knows. */
export const placeOfSelection = (prepared: Prepared, selection: Selection, t: Instant): LonLat | null => {
  if (selection.kind === "acquisition" || selection.kind === "detection") {
    const { longitude_deg, latitude_deg } = prepared.plan.acquisitions.columns;
    const [lon, lat] = [
      longitude_deg[selection.acquisition] ?? NaN,
      latitude_deg[selection.acquisition] ?? NaN,
    ];
    if (!Number.isNaN(lon) && !Number.isNaN(lat)) return [lon, lat];
  }
  const station = prepared.stations[focusStation(prepared, selection)];
  if (station !== undefined) return station.lonLat;
  const orbit = prepared.plan.orbits[focusSatellite(prepared, selection)];
  return orbit === undefined ? null : (placeOf(orbit, t)?.lonLat ?? null);
};
