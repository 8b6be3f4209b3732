import { cellLengthOf } from "../../operators/platform/cell-length.ts";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import { IlluminationWalk } from "../../pipeline/orbit/illumination.ts";
import { orbitalPeriod } from "../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { later, seconds, type Instant, type Seconds } from "../../pipeline/units.ts";

/** What a cell of an orbit has of Sun and Earth, as array and heat model read it. */
export interface CellLight {
  readonly share: number;
  readonly flux: number;
  readonly overhead: number;
  readonly earthView: number;
}

/** One orbit in even cells. */
export interface OrbitLight {
  readonly cell: Seconds;
  readonly cells: readonly CellLight[];
}

/** The light along the first orbit from `from` on. Throws `SwathError("orbit")` where SGP4 fails. */
export const orbitLight = (spacecraft: Spacecraft, satellite: Satellite, from: Instant): OrbitLight => {
  const period = orbitalPeriod(satellite);
  const count = Math.max(1, Math.ceil(period / cellLengthOf(spacecraft)));
  const cell = seconds(period / count);
  const ephemeris = ephemerisOf(satellite, from, later(from, seconds(period + cell)));
  const walk = new IlluminationWalk(ephemeris, from, cell, count);
  const cells = Array.from({ length: count }, (): CellLight => {
    walk.advance();
    const { share, flux, overhead, earthView } = walk;
    return { share, flux, overhead, earthView };
  });
  return { cell, cells };
};
