import type { Instant } from "../../pipeline/units.ts";
import { placeOf } from "../map/orbit-places.ts";
import type { LonLat } from "../map/view.ts";
import type { OrderBox, OrderRecord } from "../state/order-record.ts";
import { boxCentre } from "./box-outline.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";

/** What is selected: one thing, and with it the chain that it belongs to. Rows of the record, but for names that outlive one. */
export type Selection =
  | { readonly kind: "satellite"; readonly name: string }
  | { readonly kind: "station"; readonly name: string }
  | { readonly kind: "order"; readonly name: string }
  | { readonly kind: "acquisition"; readonly acquisition: number }
  | { readonly kind: "detection"; readonly acquisition: number; readonly detection: number };

/** The order of that name in a plan, by its row; −1 for none. */
const plannedOrder = ({ plan }: Prepared, name: string): number =>
  Array.from(plan.orders.columns.order).findIndex((place) => plan.orderTexts[place] === name);

/** The order that is selected, as a policy has it; `null` for none. */
export const focusOrder = (view: PolicyView | null, selection: Selection | null): OrderRecord | null =>
  selection?.kind === "order" ? (view?.orders.find(({ id }) => id === selection.name) ?? null) : null;

/** The satellite that the selection is about: itself, or the one that took the scene or has the order. −1 for none. */
export const focusSatellite = (
  prepared: Prepared,
  selection: Selection | null,
  view: PolicyView | null = null,
): number => {
  const { head, plan } = prepared;
  if (selection === null || selection.kind === "station") return -1;
  if (selection.kind === "order") {
    const given = focusOrder(view, selection);
    if (given !== null) return given.satellite;
    const satellite = plan.orders.columns.satellite[plannedOrder(prepared, selection.name)];
    return satellite === undefined || satellite >= head.satellites.length ? -1 : satellite;
  }
  if (selection.kind === "satellite") return head.satellites.indexOf(selection.name);
  return plan.acquisitions.columns.satellite[selection.acquisition] ?? -1;
};

/** The station that is selected; −1 for none. */
export const focusStation = ({ head }: Prepared, selection: Selection | null): number =>
  selection?.kind === "station" ? head.stations.findIndex(({ id }) => id === selection.name) : -1;

/** One step up the chain: from a detection to its scene, from a scene to its satellite, from that to nothing. */
export const stepUp = (prepared: Prepared, selection: Selection): Selection | null => {
  if (selection.kind === "detection") return { kind: "acquisition", acquisition: selection.acquisition };
  if (selection.kind !== "acquisition" && selection.kind !== "order") return null;
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
  if (selection.kind === "order") {
    const { west_deg, south_deg, east_deg, north_deg } = prepared.plan.orders.columns;
    const row = plannedOrder(prepared, selection.name);
    const box = [west_deg, south_deg, east_deg, north_deg].map((column) => column[row] ?? NaN);
    if (!box.some(Number.isNaN)) return boxCentre(box as unknown as OrderBox);
  }
  const station = prepared.stations[focusStation(prepared, selection)];
  if (station !== undefined) return station.lonLat;
  const orbit = prepared.plan.orbits[focusSatellite(prepared, selection)];
  return orbit === undefined ? null : (placeOf(orbit, t)?.lonLat ?? null);
};
