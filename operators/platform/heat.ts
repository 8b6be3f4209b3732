import type { ThermalModel } from "../../pipeline/mission/spacecraft.ts";
import type { IlluminationWalk } from "../../pipeline/orbit/illumination.ts";

/** W/(m² K⁴), exact by the SI of 2019. */
export const stefanBoltzmann = 5.670374419e-8;
/** Of sunlight that the Earth sends back, and what it radiates itself, W/m² of its surface (SMAD, 3rd ed., §11.5: 30 % ± 5 %, 237 ± 21). */
export const earthAlbedo = 0.3;
/** Infrared flux that the Earth emits, averaged over its surface, W/m². */
export const earthInfrared = 237;

/** What the heat model needs to know of the light. */
export type LightOnBody = Pick<IlluminationWalk, "share" | "flux" | "overhead" | "earthView">;

/** The larger of the two γ that make the method L-stable: its first stage never goes past the equilibrium. */
const gamma = 1 + Math.SQRT1_2;

/**
 * Temperatures of a few lumps joined by conductors (Gilmore, Spacecraft Thermal Control Handbook, vol. 1, ch. 2 and 15):
 *
 * `C·dT/dt = α·(A/4)·S·share + α·A·F·a·S·cosζ + ε·A·F·q + P − ε·σ·A·T⁴ + Σ G·(T' − T)`
 *
 * A node's surface faces all sides evenly, so that sunlight meets a quarter of it (Cauchy's mean projection, exact for a
 * sphere) and the Earth the share F that a small sphere sees of it. Light that the Earth sends back goes with the cosine of
 * the Sun's zenith distance ζ below the satellite. Deep space counts as 0 K.
 *
 * Stepped by Verwer's two-stage Rosenbrock method (SIAM J. Sci. Comput. 20, 1999): second order, and L-stable, so that
 * a light node on a strong conductor does not swing.
 */
export class HeatModel {
  readonly temperatures: Float64Array;
  readonly #count: number;
  /** Of each node: 1/C, and watts per (W/m²) of sunlight, of albedo, of a full view of the Earth. */
  readonly #inverseCapacity: Float64Array;
  readonly #sunGain: Float64Array;
  readonly #infraredGain: Float64Array;
  /** εσA. */
  readonly #radiation: Float64Array;
  readonly #busShare: Float64Array;
  readonly #computerShare: Float64Array;
  /** Conductances in rows, W/K; row sums on the diagonal with a minus sign. */
  readonly #conductance: Float64Array;
  readonly #power: Float64Array;
  readonly #matrix: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #stage: Float64Array;

  constructor({ nodes, conductors }: ThermalModel) {
    const n = nodes.length;
    this.#count = n;
    const of = (value: (node: ThermalModel["nodes"][number]) => number) => Float64Array.from(nodes, value);
    this.temperatures = of(({ initial }) => initial);
    this.#inverseCapacity = of(({ heatCapacity }) => 1 / heatCapacity);
    this.#sunGain = of(({ absorptivity, area }) => absorptivity * area);
    this.#infraredGain = of(({ emissivity, area }) => emissivity * area * earthInfrared);
    this.#radiation = of(({ emissivity, area }) => emissivity * area * stefanBoltzmann);
    this.#busShare = of(({ busShare }) => busShare);
    this.#computerShare = of(({ computerShare }) => computerShare);
    this.#conductance = new Float64Array(n * n);
    const rowOf = new Map(nodes.map(({ name }, row) => [name, row]));
    for (const { a, b, conductance } of conductors) {
      const [i, j] = [rowOf.get(a)!, rowOf.get(b)!];
      for (const [row, column, sign] of [
        [i, j, 1],
        [j, i, 1],
        [i, i, -1],
        [j, j, -1],
      ] as const)
        this.#conductance[row * n + column]! += sign * conductance;
    }
    this.#power = new Float64Array(n);
    this.#matrix = new Float64Array(n * n);
    this.#first = new Float64Array(n);
    this.#second = new Float64Array(n);
    this.#stage = new Float64Array(n);
  }

  /** Through `dt` seconds of even light and even dissipation, W, of the bus and of the computer. */
  step(dt: number, { share, flux, overhead, earthView }: LightOnBody, bus: number, computer: number): void {
    const n = this.#count;
    const sunlight = flux * (share / 4 + earthAlbedo * overhead * earthView);
    if (n === 1) return this.#stepLump(dt, sunlight, earthView, bus, computer);
    for (let i = 0; i < n; i++) {
      this.#power[i] =
        this.#sunGain[i]! * sunlight +
        this.#infraredGain[i]! * earthView +
        this.#busShare[i]! * bus +
        this.#computerShare[i]! * computer;
    }
    const { temperatures } = this;
    const first = this.#first;
    const second = this.#second;
    const stage = this.#stage;
    this.#factorise(gamma * dt);
    this.#rates(temperatures, first);
    this.#solve(first);
    for (let i = 0; i < n; i++) stage[i] = temperatures[i]! + dt * first[i]!;
    this.#rates(stage, second);
    for (let i = 0; i < n; i++) second[i]! -= 2 * first[i]!;
    this.#solve(second);
    for (let i = 0; i < n; i++) temperatures[i]! += dt * (1.5 * first[i]! + 0.5 * second[i]!);
  }

  /** The same for one node, to the last bit: most bodies are one lump, and are stepped for every cell of thousands of satellites. */
  #stepLump(dt: number, sunlight: number, earthView: number, bus: number, computer: number): void {
    const inverseCapacity = this.#inverseCapacity[0]!;
    const radiation = this.#radiation[0]!;
    const power =
      this.#sunGain[0]! * sunlight +
      this.#infraredGain[0]! * earthView +
      this.#busShare[0]! * bus +
      this.#computerShare[0]! * computer;
    const t = this.temperatures[0]!;
    const diagonal = 1 + 4 * (gamma * dt * inverseCapacity) * radiation * Math.abs(t * t * t);
    const first = ((power - radiation * t * Math.abs(t * t * t)) * inverseCapacity) / diagonal;
    const stage = t + dt * first;
    const rate = (power - radiation * stage * Math.abs(stage * stage * stage)) * inverseCapacity;
    const second = (rate - 2 * first) / diagonal;
    this.temperatures[0] = t + dt * (1.5 * first + 0.5 * second);
  }

  #rates(at: Float64Array, into: Float64Array): void {
    const n = this.#count;
    for (let i = 0; i < n; i++) {
      const t = at[i]!;
      // With the sign of t: a step too long for a node may pass through 0 K, and has to come back from there.
      let watts = this.#power[i]! - this.#radiation[i]! * t * Math.abs(t * t * t);
      for (let j = 0; j < n; j++) watts += this.#conductance[i * n + j]! * at[j]!;
      into[i] = watts * this.#inverseCapacity[i]!;
    }
  }

  /** I − h·J and its triangular factors in place; rows are dominated by their diagonals, so nothing is swapped. */
  #factorise(h: number): void {
    const n = this.#count;
    const matrix = this.#matrix;
    for (let i = 0; i < n; i++) {
      const scale = h * this.#inverseCapacity[i]!;
      for (let j = 0; j < n; j++) matrix[i * n + j] = -scale * this.#conductance[i * n + j]!;
      const t = this.temperatures[i]!;
      matrix[i * n + i]! += 1 + 4 * scale * this.#radiation[i]! * Math.abs(t * t * t);
    }
    for (let k = 0; k < n; k++) {
      for (let i = k + 1; i < n; i++) {
        const factor = matrix[i * n + k]! / matrix[k * n + k]!;
        matrix[i * n + k] = factor;
        for (let j = k + 1; j < n; j++) matrix[i * n + j]! -= factor * matrix[k * n + j]!;
      }
    }
  }

  #solve(into: Float64Array): void {
    const n = this.#count;
    const matrix = this.#matrix;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) into[i]! -= matrix[i * n + j]! * into[j]!;
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) into[i]! -= matrix[i * n + j]! * into[j]!;
      into[i]! /= matrix[i * n + i]!;
    }
  }
}
