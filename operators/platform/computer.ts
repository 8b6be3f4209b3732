import type { Computer, Precision } from "../../pipeline/mission/spacecraft.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { joules, seconds, type Joules, type Seconds } from "../../pipeline/units.ts";

/** From narrow to wide. */
const precisions: readonly Precision[] = ["int8", "fp16", "fp32"];

/**
 * Operations a second that the computer reaches on a network in that precision, all chips together: peak × utilisation ×
 * chips. A precision that the chip lacks runs as the next wider one.
 *
 * @throws SwathError("config") when it has none that is wide enough
 */
export const effectiveOps = (computer: Computer, precision: Precision): number => {
  const wideEnough = precisions.slice(precisions.indexOf(precision));
  const peak = wideEnough.map((one) => computer.peakOps[one]).find((ops) => ops !== undefined);
  if (peak === undefined) {
    const has = precisions.filter((one) => computer.peakOps[one] !== undefined);
    throw new SwathError("config", {
      what: `computer "${computer.name}" cannot run a network in ${precision}`,
      wanted: `one of ${has.join(", ")}`,
      got: precision,
      hint: "quantise the model, or choose another computer",
    });
  }
  return peak * computer.utilisation * computer.chips;
};

/**
 * What a network takes on a computer for one tile, whatever surrounds it. Joules are all that the computer draws meanwhile, as
 * measurements at the wall have them; the ledger of a flight counts what work draws above idle (`workingPower`).
 */
export interface InferenceCost {
  readonly seconds: Seconds;
  readonly joules: Joules;
}

/**
 * Time and energy of `operations` at the effective rate, without the tile's overhead.
 *
 * @throws SwathError("config") as `effectiveOps` does
 */
export const inferenceCost = (
  computer: Computer,
  operations: number,
  precision: Precision,
): InferenceCost => {
  const time = operations / effectiveOps(computer, precision);
  return { seconds: seconds(time), joules: joules(time * computer.power) };
};
