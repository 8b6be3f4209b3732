import { instant, type Instant, type Seconds } from "../units.ts";
import { limbViewInto, visibleShare, type LimbView } from "./eclipse.ts";
import type { Ephemeris } from "./ephemeris.ts";
import { placesOf, type PlaceAt } from "./ephemeris-walk.ts";
import { earthRadius } from "./reference-frame.ts";
import { sunDirectionEcef, sunDistance } from "./sun.ts";

/** Total solar irradiance at one astronomical unit, W/m² (Kopp & Lean, Geophys. Res. Lett. 38, 2011; IAU 2015 B3). */
export const solarConstant = 1361;
const astronomicalUnit = 149_597_870_700;

/** Numbers of the Sun's table at a time: its Earth-fixed place in metres, its distance, and its flux outside eclipses in W/m². */
const sunFields = 5;

/** The Sun at `from`, `from + step`, …. All satellites of a run ask for the same table: the last one is kept. */
const sunTable = (() => {
  let last: { readonly from: number; readonly step: number; readonly suns: Float64Array } | null = null;
  return (from: Instant, step: number, count: number): Float64Array => {
    if (last !== null && last.from === from && last.step === step && last.suns.length >= sunFields * count)
      return last.suns;
    const suns = new Float64Array(sunFields * count);
    for (let n = 0; n < count; n++) {
      const at = instant(from + n * step);
      const distance = sunDistance(at);
      const [x, y, z] = sunDirectionEcef(at).map((cosine) => cosine * distance) as [number, number, number];
      const distance2 = x * x + y * y + z * z;
      const flux = (solarConstant * astronomicalUnit * astronomicalUnit) / distance2;
      suns.set([x, y, z, Math.sqrt(distance2), flux], sunFields * n);
    }
    last = { from, step, suns };
    return suns;
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

  readonly #placeAt: PlaceAt;
  readonly #start: number;
  readonly #step: number;
  readonly #suns: Float64Array;
  readonly #place = new Float64Array(3);
  readonly #view: LimbView = { height: 0, sun: 0, earth: 0 };
  /** Edge between cells that the walk stands at, and what was found there. */
  #edge = 0;
  #shade = lit;
  #overhead = 0;
  #earthView = 0;

  /** `cells` of `step` seconds from `from` on, where a function has its start. The walk stands before the first. */
  constructor(orbit: Ephemeris | PlaceAt, from: Instant, step: Seconds, cells: number) {
    this.#placeAt = typeof orbit === "function" ? orbit : placesOf(orbit);
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
    const place = this.#place;
    const i = sunFields * edge;
    const suns = this.#suns;
    const sx = suns[i] as number;
    const sy = suns[i + 1] as number;
    const sz = suns[i + 2] as number;
    this.#placeAt(this.#start + edge * this.#step, place);
    const x = place[0] as number;
    const y = place[1] as number;
    const z = place[2] as number;
    const radius2 = x * x + y * y + z * z;
    const alongSun = (x * sx + y * sy + z * sz) / (suns[i + 3] as number);
    this.#edge = edge;
    this.flux = suns[i + 4] as number;
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
    const place = this.#place;
    const suns = this.#suns;
    const i = sunFields * cell;
    const next = i + sunFields;
    let sum = 0;
    for (let look = 0; look < looks; look++) {
      const part = (look + 0.5) / looks;
      const rest = 1 - part;
      this.#placeAt(this.#start + (cell + part) * this.#step, place);
      limbViewInto(
        place[0] as number,
        place[1] as number,
        place[2] as number,
        rest * (suns[i] as number) + part * (suns[next] as number),
        rest * (suns[i + 1] as number) + part * (suns[next + 1] as number),
        rest * (suns[i + 2] as number) + part * (suns[next + 2] as number),
        this.#view,
      );
      sum += visibleShare(this.#view);
    }
    return sum / looks;
  }
}
