import fc from "fast-check";
import type { Body } from "../../../operators/platform/body.ts";
import { WorkClock } from "../../../operators/flight/work-clock.ts";
import type { Spacecraft } from "../../../pipeline/mission/spacecraft.ts";
import type { Load } from "../../../pipeline/mission/body-ledger.ts";
import { ephemerisOf } from "../../../pipeline/orbit/ephemeris.ts";
import {
  instant,
  type Instant,
  joules,
  later,
  seconds,
  squareMetres,
  watts,
} from "../../../pipeline/units.ts";
import { lowOrbit, plainHeat, plainSpacecraft, start } from "./spacecraft.ts";

/** Any spacecraft, any loads, and one low orbit through six hours. */
export const horizon = 6 * 3600;
export const end = later(start, seconds(horizon));
export const ephemeris = ephemerisOf(lowOrbit(), start, end);
export const at = (t: number) => instant(start + t);

export const clockOn = (
  body: Body,
  craft: Spacecraft,
  t: number,
  watch: (from: Instant, speed: number) => void = () => undefined,
): WorkClock =>
  new WorkClock(at(t), {
    from: start,
    cell: body.cell,
    speedIn: (cell) => Promise.resolve(body.speedIn(cell)),
    onWork: (from, to, speed) => {
      body.draw("compute", from, to, watts(craft.computer.power * speed));
      watch(from, speed);
    },
  });

const share = fc.double({ min: 0.05, max: 1, noNaN: true });
export const craftOf = fc
  .record({
    area: fc.double({ min: 0, max: 0.4, noNaN: true }),
    efficiency: share,
    attitude: fc.constantFrom("nadir" as const, "sun-tracking" as const, "tumbling" as const),
    capacity: fc.double({ min: 1e3, max: 1e6, noNaN: true }),
    charge: share,
    discharge: share,
    floor: share,
    initial: share,
    base: fc.double({ min: 1.25, max: 30, noNaN: true }),
    hasHeat: fc.boolean(),
  })
  .map((one): Spacecraft => ({
    ...plainSpacecraft,
    heat: one.hasHeat ? plainHeat : null,
    power: {
      arrayArea: squareMetres(one.area),
      arrayEfficiency: one.efficiency,
      attitude: one.attitude,
      battery: {
        capacity: joules(one.capacity),
        chargeEfficiency: one.charge,
        dischargeEfficiency: one.discharge,
        floor: one.floor,
        initial: one.initial,
      },
      loads: { base: watts(one.base), contact: watts(4) },
    },
  }));
export const loads = fc.array(
  fc.record({
    load: fc.constantFrom<Load>("contact", "camera", "transmit", "crosslink"),
    from: fc.double({ min: -600, max: horizon, noNaN: true }),
    length: fc.double({ min: 0, max: 2000, noNaN: true }),
    power: fc.double({ min: 0, max: 60, noNaN: true }),
  }),
  { maxLength: 30 },
);
