import { effect } from "@preact/signals";
import { eventLines } from "../reading/event-lines.ts";
import type { Console } from "./console-context.ts";

/** At most one message in so long; ms. */
const pause = 5000;

/** Tells screen readers what lands and what is lost, while the clock goes forward. */
export const announce = ({ desk, run, view }: Console): void => {
  let last = 0;
  let before: number | null = null;
  effect(() => {
    const prepared = run.value?.prepared;
    const t = desk.readT.value;
    const shown = view.value;
    const from = before;
    before = t;
    if (prepared === undefined || shown === null || from === null || t <= from) return;
    const now = Date.now();
    if (now - last < pause) {
      before = from;
      return;
    }
    const line = eventLines(prepared, shown, t - prepared.epoch, "products", 20).find(
      ({ sort, t: at }) => (sort === "landed" || sort === "loss") && at > from - prepared.epoch,
    );
    if (line === undefined) return;
    last = now;
    desk.said.value = line.text;
  });
};
