import { arrayPower } from "../../operators/platform/array.ts";
import { Battery } from "../../operators/platform/battery.ts";
import { HeatModel } from "../../operators/platform/heat.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { CellLight, OrbitLight } from "./orbit-light.ts";

/** What a satellite does in an orbit, the mean of a horizon: shares of its time, and watts. */
export interface OrbitLoads {
  /** Work at full speed for each second; above 1 the computer is always at work and never done. */
  readonly work: number;
  /** Of the camera, mean over the orbit. */
  readonly cameraWatts: number;
  /** Share of the time that the transmitter is on, and that a station is in contact. */
  readonly transmit: number;
  readonly contact: number;
  /** Drawn evenly besides: terminals between satellites. */
  readonly otherWatts: number;
  /** Pictures are taken only where the Sun is so high over the ground: sine of its height; `null`: always. */
  readonly lowestSun: number | null;
}

/** An orbit that repeats itself. */
export interface SteadyOrbit {
  readonly power: {
    readonly lowestCharge: number;
    readonly highestCharge: number;
    /** Share of the capacity that every orbit takes away for good: then there is no steady state above empty. */
    readonly lossEachOrbit: number;
  } | null;
  /** Of the computer's node, K. */
  readonly highestTemperature: number | null;
  /** Orbits flown until it repeated. */
  readonly orbits: number;
}

/** An orbit repeats itself when charge and temperatures come back to this, relative. */
const repeats = 1e-3;

/** The most orbits until temperatures are periodic; a body that needs more is judged by the last one. */
const mostOrbits = 500;

/** Watts of computer and of all else in each cell. Work waits for the computer, from one cell and one orbit to the next. */
const demandOf = (
  { computer, radio, power }: Spacecraft,
  { cells, cell }: OrbitLight,
  { work, cameraWatts, transmit, contact, otherWatts, lowestSun }: OrbitLoads,
): { readonly computing: Float64Array; readonly others: Float64Array } => {
  const sees = ({ overhead }: CellLight): boolean => lowestSun === null || overhead >= lowestSun;
  const seeing = cells.filter(sees).length;
  // Where no light is, what is there to do is spread out evenly: it came from orbits with light.
  const inCell = (one: CellLight): number => (seeing === 0 ? 1 : sees(one) ? cells.length / seeing : 0);
  const base = power?.loads.base ?? 0;
  const idle = power === null ? 0 : computer.idlePower;
  const steady = base - idle + otherWatts + contact * (power?.loads.contact ?? 0) + transmit * radio.power;
  const computing = new Float64Array(cells.length);
  const others = new Float64Array(cells.length);
  let queue = 0;
  // Twice round: what is left of one orbit is worked on in the next.
  for (let round = 0; round < 2; round++) {
    for (const [n, one] of cells.entries()) {
      queue += work * inCell(one) * cell;
      const busy = work >= 1 ? cell : Math.min(cell, queue);
      queue -= busy;
      const share = busy / cell;
      computing[n] = share * computer.power + (1 - share) * idle;
      others[n] = steady + cameraWatts * inCell(one);
    }
  }
  return { computing, others };
};

/** Temperatures under the mean of an orbit's light and loads: where the heat model starts, to be near the end. */
const settle = (heat: HeatModel, light: OrbitLight, others: number, computing: number): void => {
  const mean = (of: (one: CellLight) => number): number =>
    light.cells.reduce((sum, one) => sum + of(one), 0) / light.cells.length;
  const flux = mean((one) => one.flux);
  const surroundings = {
    flux,
    share: mean((one) => one.flux * one.share) / flux,
    overhead: mean((one) => one.overhead),
    earthView: mean((one) => one.earthView),
  };
  for (let step = 0; step < 60; step++) heat.step(20_000, surroundings, others, computing);
};

const meanOf = (values: Float64Array): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Charge over the orbits, from full. The orbit that repeats from there is the one that all others come to. */
const steadyPower = (
  spacecraft: Spacecraft,
  { cells, cell }: OrbitLight,
  demand: ReturnType<typeof demandOf>,
): { readonly power: SteadyOrbit["power"]; readonly lost: Float64Array; readonly orbits: number } => {
  const lost = new Float64Array(cells.length);
  const { power } = spacecraft;
  if (power === null) return { power: null, lost, orbits: 0 };
  const battery = new Battery({ ...power.battery, initial: 1 });
  let orbits = 0;
  let lowest = 1;
  let highest = 0;
  for (;;) {
    const before = battery.stored;
    [lowest, highest] = [battery.charge, battery.charge];
    for (const [n, light] of cells.entries()) {
      const loss = battery.lost;
      const asked = ((demand.computing[n] as number) + (demand.others[n] as number)) * cell;
      battery.step(arrayPower(power, light) * cell, asked);
      lost[n] = (battery.lost - loss) / cell;
      lowest = Math.min(lowest, battery.charge);
      highest = Math.max(highest, battery.charge);
    }
    orbits++;
    const gone = before - battery.stored;
    // A battery that an orbit fills comes to the same charge after it. One that it does not fill loses as much every time.
    if (orbits > 1 && highest >= 1 - 1e-9)
      return { power: { lowestCharge: lowest, highestCharge: 1, lossEachOrbit: 0 }, lost, orbits };
    if (orbits > 1 && gone > 0) {
      const lossEachOrbit = gone / battery.capacity;
      return { power: { lowestCharge: 0, highestCharge: highest, lossEachOrbit }, lost, orbits };
    }
    if (battery.charge === 0) {
      return { power: { lowestCharge: 0, highestCharge: highest, lossEachOrbit: 1 }, lost, orbits };
    }
    if (orbits > 1 && Math.abs(gone) <= repeats * battery.capacity) {
      return { power: { lowestCharge: lowest, highestCharge: highest, lossEachOrbit: 0 }, lost, orbits };
    }
  }
};

/**
 * Flies the same orbit until it repeats to 0.1 %, whatever charge and temperature the satellite begins with: batteries begin full, since
 * of all starts that one ends highest, and bodies at the temperature of the orbit's mean. The computer is not held back: whether it
 * would have to be is what is asked. Heat is reckoned with all that is demanded, whether or not the battery has it.
 */
export const steadyOrbit = (spacecraft: Spacecraft, light: OrbitLight, loads: OrbitLoads): SteadyOrbit => {
  const demand = demandOf(spacecraft, light, loads);
  const { power, lost, orbits } = steadyPower(spacecraft, light, demand);
  if (spacecraft.heat === null) return { power, highestTemperature: null, orbits };
  const heat = new HeatModel(spacecraft.heat);
  const node = spacecraft.heat.nodes.findIndex(({ name }) => name === spacecraft.heat?.computerNode);
  settle(heat, light, meanOf(demand.others) + meanOf(lost), meanOf(demand.computing));
  let highest = 0;
  for (let orbit = 1; orbit <= mostOrbits; orbit++) {
    const before = Float64Array.from(heat.temperatures);
    highest = 0;
    for (const [n, cell] of light.cells.entries()) {
      heat.step(
        light.cell,
        cell,
        (demand.others[n] as number) + (lost[n] as number),
        demand.computing[n] as number,
      );
      highest = Math.max(highest, heat.temperatures[node] as number);
    }
    const moved = before.some(
      (t, n) => Math.abs((heat.temperatures[n] as number) - t) > (repeats / 10) * Math.abs(t),
    );
    if (!moved) return { power, highestTemperature: highest, orbits: Math.max(orbits, orbit) };
  }
  return { power, highestTemperature: highest, orbits: mostOrbits };
};
