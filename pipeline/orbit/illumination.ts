import { instant, type Instant, type Seconds } from "../units.ts";
import { limbViewInto, visibleShare, type LimbView } from "./eclipse.ts";
import type { Ephemeris } from "./ephemeris.ts";
import { statesOf, type StateAt } from "./ephemeris-walk.ts";
import { earthRadius } from "./reference-frame.ts";
import { sunDirectionEcef, sunDistance } from "./sun.ts";

/** Total solar irradiance at one astronomical unit, W/m² (Kopp & Lean, Geophys. Res. Lett. 38, 2011; IAU 2015 B3). */
export const solarConstant = 1361;
const astronomicalUnit = 149_597_870_700;

/**
 * Earth-fixed places of the Sun in metres at `from`, `from + step`, …, three numbers each. All satellites of a run ask for
 * the same ones: the last table is kept.
 */
const sunTable = (() => {
  let last: { readonly from: number; readonly step: number; readonly places: Float64Array } | null = null;
  return (from: Instant, step: number, count: number): Float64Array => {
    if (last !== null && last.from === from && last.step === step && last.places.length >= 3 * count)
      return last.places;
    const places = new Float64Array(3 * count);
    for (let i = 0; i < count; i++) {
      const at = instant(from + i * step);
      const distance = sunDistance(at);
      const direction = sunDirectionEcef(at);
      for (let axis = 0; axis < 3; axis++) places[3 * i + axis] = direction[axis]! * distance;
    }
    last = { from, step, places };
    return places;
  };
})();

/** Wider than the cones of penumbra and umbra, per metre behind the Earth and in metres: outside both nothing is in doubt. */
const coneSlope = 0.0049;
const coneMargin = 500;
/** Looks at the Sun in a cell that light and dark share. */
const looks = 10;

const lit = 1;
const dark = 0;
const between = -1;

/**
 * Sunlight along an orbit in even cells. The fields hold means over the cell that `advance` has come to; plain numbers, since
 * they are read for every cell of thousands of satellites. The ephemeris must cover the cells.
 */
export class IlluminationWalk {
  /** Of the Sun's disc in sight, 0 … 1. */
  share = 1;
  /** Of sunlight outside eclipses, W/m². */
  flux = solarConstant;
  /** Cosine of the angle between Sun and zenith; 0 while the Sun is under the horizontal. */
  overhead = 0;
  /** View factor of a small sphere to the Earth, ½ (1 − √(1 − (R/r)²)) (Gilmore, Spacecraft Thermal Control Handbook, ch. 2). */
  earthView = 0;

  readonly #stateAt: StateAt;
  readonly #start: number;
  readonly #step: number;
  readonly #suns: Float64Array;
  readonly #state = new Float64Array(6);
  readonly #view: LimbView = { height: 0, sun: 0, earth: 0 };
  /** Edge between cells that the walk stands at, and what was found there. */
  #edge = 0;
  #shade = lit;
  #overhead = 0;
  #earthView = 0;

  /** `cells` of `step` seconds from `from` on, where a function has its start. The walk stands before the first. */
  constructor(orbit: Ephemeris | StateAt, from: Instant, step: Seconds, cells: number) {
    this.#stateAt = typeof orbit === "function" ? orbit : statesOf(orbit);
    this.#start = typeof orbit === "function" ? 0 : from - orbit.from;
    this.#step = step;
    this.#suns = sunTable(from, step, cells + 1);
    this.#look(0);
  }

  /** Stands before cell `cell`, as after so many calls of `advance`; the fields are filled by the next one. */
  goTo(cell: number): void {
    this.#look(cell);
  }

  /** On to the next cell. */
  advance(): void {
    const shade = this.#shade;
    const overhead = this.#overhead;
    const earthView = this.#earthView;
    const cell = this.#edge;
    this.#look(cell + 1);
    this.overhead = (overhead + this.#overhead) / 2;
    this.earthView = (earthView + this.#earthView) / 2;
    const certain = shade === this.#shade && shade !== between;
    this.share = certain ? shade : this.#meanShare(cell);
  }

  /** What there is to see at an edge. */
  #look(edge: number): void {
    const state = this.#state;
    const i = 3 * edge;
    const sx = this.#suns[i] as number;
    const sy = this.#suns[i + 1] as number;
    const sz = this.#suns[i + 2] as number;
    this.#stateAt(this.#start + edge * this.#step, state);
    const x = state[0] as number;
    const y = state[1] as number;
    const z = state[2] as number;
    const radius2 = x * x + y * y + z * z;
    const distance2 = sx * sx + sy * sy + sz * sz;
    const alongSun = (x * sx + y * sy + z * sz) / Math.sqrt(distance2);
    this.#edge = edge;
    this.flux = (solarConstant * astronomicalUnit * astronomicalUnit) / distance2;
    this.#earthView = 0.5 * (1 - Math.sqrt(Math.max(0, 1 - (earthRadius * earthRadius) / radius2)));
    this.#overhead = alongSun > 0 ? alongSun / Math.sqrt(radius2) : 0;
    if (alongSun > 0) this.#shade = lit;
    else {
      const aside2 = radius2 - alongSun * alongSun;
      const doubt = coneMargin - coneSlope * alongSun;
      const outer = earthRadius + doubt;
      const inner = Math.max(0, earthRadius - doubt);
      this.#shade = aside2 > outer * outer ? lit : aside2 < inner * inner ? dark : between;
    }
  }

  #meanShare(cell: number): number {
    const state = this.#state;
    const suns = this.#suns;
    const i = 3 * cell;
    let sum = 0;
    for (let look = 0; look < looks; look++) {
      const part = (look + 0.5) / looks;
      const rest = 1 - part;
      this.#stateAt(this.#start + (cell + part) * this.#step, state);
      limbViewInto(
        state[0] as number,
        state[1] as number,
        state[2] as number,
        rest * (suns[i] as number) + part * (suns[i + 3] as number),
        rest * (suns[i + 1] as number) + part * (suns[i + 4] as number),
        rest * (suns[i + 2] as number) + part * (suns[i + 5] as number),
        this.#view,
      );
      sum += visibleShare(this.#view);
    }
    return sum / looks;
  }
}
