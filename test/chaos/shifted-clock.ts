import { readFileSync } from "node:fs";

/**
 * Loaded before a program (`node --import`): its wall clock is off by the seconds that stand in the file which `SWATH_STORM_CLOCK` names, and jumps
 * when that file changes. Timers and `performance.now()` go on, as they do when somebody sets a machine's clock.
 */
const file = process.env["SWATH_STORM_CLOCK"] ?? "";
const RealDate = Date;
let [offsetMs, lookedAt] = [0, -Infinity];

const now = (): number => {
  if (performance.now() - lookedAt > 50) {
    lookedAt = performance.now();
    try {
      offsetMs = 1000 * Number(readFileSync(file, "utf8")) || 0;
    } catch {
      offsetMs = 0; // Nobody has set it yet.
    }
  }
  return RealDate.now() + offsetMs;
};

class ShiftedDate extends RealDate {
  constructor(...given: readonly [] | ConstructorParameters<typeof Date>) {
    if (given.length === 0) super(now());
    else super(...(given as ConstructorParameters<typeof Date>));
  }
  static override now(): number {
    return now();
  }
}
globalThis.Date = ShiftedDate as DateConstructor;
