import { batch } from "@preact/signals";
import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import { neighbourEvent } from "../state/event-log.ts";
import { focusSatellite, stepUp, type Selection } from "../reading/selection.ts";
import { rowsOf } from "../state/sorted.ts";
import { moveTo } from "../time/clock.ts";
import type { Console } from "./console-context.ts";

/** Sets the clock, with the window following. `t` is an instant. */
export const setTime = ({ desk }: Console, t: number): void => {
  batch(() => {
    desk.windowFrom.value = null;
    desk.clock.value = moveTo(desk.clock.value, desk.extent.value, t);
  });
};

/** To the next (1) or previous (−1) moment at which something was taken, handed over, published or lost. */
export const jumpToEvent = (console: Console, by: 1 | -1): void => {
  const [run, view] = [console.run.peek(), console.view.peek()];
  if (run === null || view === null) return;
  const { epoch } = run.prepared;
  // A clock that stands on an event does so to within a rounding.
  const t = console.desk.clock.peek().t - epoch + by * 1e-6;
  const next = neighbourEvent(run.prepared.plan, view.record, t, by > 0 ? "after" : "before");
  if (next !== null) setTime(console, epoch + next);
};

/** Selects, and sets the clock where a moment is given. */
export const select = (console: Console, selection: Selection | null, t?: number): void => {
  batch(() => {
    console.desk.selection.value = selection;
    if (t !== undefined) setTime(console, t);
  });
};

/** One step up the chain of what is selected. */
export const stepOut = ({ desk, run }: Console): void => {
  const selection = desk.selection.peek();
  const prepared = run.peek()?.prepared;
  if (selection !== null && prepared !== undefined) desk.selection.value = stepUp(prepared, selection);
};

/** The next (1) or previous (−1) satellite, in the order of the lanes; of stations where one is selected. */
export const stepLane = ({ desk, run }: Console, by: 1 | -1): void => {
  const prepared = run.peek()?.prepared;
  if (prepared === undefined) return;
  const selection = desk.selection.peek();
  const step = (names: readonly string[], at: number): string | undefined =>
    names[at < 0 ? (by > 0 ? 0 : names.length - 1) : Math.max(0, Math.min(names.length - 1, at + by))];
  if (selection?.kind === "station") {
    const names = prepared.head.stations.map(({ id }) => id);
    const name = step(names, names.indexOf(selection.name));
    if (name !== undefined) desk.selection.value = { kind: "station", name };
    return;
  }
  const name = step(prepared.head.satellites, focusSatellite(prepared, selection));
  if (name !== undefined) desk.selection.value = { kind: "satellite", name };
};

/** The next (1) or previous (−1) detection of the selected scene. Gives whether there is a scene to walk through. */
export const stepDetection = ({ desk, view }: Console, by: 1 | -1): boolean => {
  const selection = desk.selection.peek();
  const shown = view.peek();
  if (shown === null || selection?.kind !== "detection") return false;
  const { index } = shown.record.tables.detections.columns;
  const all = Array.from(rowsOf(shown.detectionsOf, selection.acquisition), (row) => index[row] as number);
  const at = all.indexOf(selection.detection);
  const next = all[(at + by + all.length) % all.length];
  if (next === undefined) return false;
  desk.selection.value = { ...selection, detection: next };
  return true;
};

/** Whether a run has pixels in a dataset that can be asked for: what it read is written down when it ends. */
export const hasDataset = ({ shows, state }: MissionHead): boolean =>
  shows === "pixels" && state !== "at work";

/** Shows the scene around the selected detection from the dataset, or leaves that. */
export const toggleAround = ({ desk, run }: Console): void => {
  const selection = desk.selection.peek();
  const head = run.peek()?.head;
  if (selection?.kind !== "detection" || head === undefined || !hasDataset(head)) return;
  const { acquisition } = selection;
  desk.around.value = desk.around.peek() === acquisition ? null : acquisition;
};

/** Shows a policy: the table of policies is the switch. */
export const showPolicy = ({ desk }: Console, label: string): void => {
  desk.policy.value = label;
};

/** Turns the map so that what is selected lies in the middle. */
export const centreOn = ({ desk }: Console, lonLat: readonly [number, number]): void => {
  desk.turn.value = { ...desk.turn.value, centre: [lonLat[0], lonLat[1]] };
};
