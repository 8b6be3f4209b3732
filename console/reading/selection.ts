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
