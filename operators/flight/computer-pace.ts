import { instant, watts, type Instant } from "../../pipeline/units.ts";
import type { Body } from "../platform/body.ts";
import type { FlightPlan } from "./flight-plan.ts";
import type { ComputerPace } from "./work-clock.ts";

/** How power and heat pace the computer of a flight. `drawUntil` tells what the radio draws before a moment. */
export const paceOf = (
  { from, to, spacecraft }: FlightPlan,
  body: Body,
  drawUntil: (t: Instant) => Promise<void>,
): ComputerPace => {
  const cell = body.cell;
  const last = Math.ceil((to - from) / cell);
  return {
    from,
    cell,
    speedIn: async (index) => {
      if (index >= last) return 1;
      // Everything drawn before the cell that the controller looks at must be known: what the radio does, too.
      await drawUntil(instant(from + (index - 1) * cell));
      return body.speedIn(index);
    },
    onWork: (begin, end, speed) => body.draw("compute", begin, end, watts(spacecraft.computer.power * speed)),
  };
};

/**
 * Until when power or heat keep a computer from beginning at `at`: the end of that cell, when it is looked at again; `null` where it can begin.
 * The wait is drawn as one.
 */
export const standstillAt = async (pace: ComputerPace | null, at: number): Promise<Instant | null> => {
  if (pace === null) return null;
  const cell = Math.floor((at - pace.from) / pace.cell);
  if ((await pace.speedIn(cell)) > 0) return null;
  const end = instant(pace.from + (cell + 1) * pace.cell);
  pace.onWork(instant(at), end, 0);
  return end;
};
