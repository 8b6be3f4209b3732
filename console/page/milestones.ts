import { effect } from "@preact/signals";
import type { Console } from "./console-context.ts";

/** Marks that browsers' tools show, and that the bench reads: the first picture of a run, and when its record is there. */
export const markMilestones = ({ run, view, land }: Console): void => {
  let [drawn, loaded] = [false, false];
  effect(() => {
    if (!drawn && run.value !== null && land.coarse.value !== null) {
      drawn = true;
      // The frame after the next has been painted with it.
      requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("swath:first-picture")));
    }
    if (!loaded && view.value !== null) {
      loaded = true;
      performance.mark("swath:record-loaded");
    }
  });
};
