import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import type { BodyLedger, Load, Wait } from "../../pipeline/mission/body-ledger.ts";
import { type FlightLog, sampleEvery } from "../../pipeline/mission/flight-log.ts";
import type { Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { walkPlaces } from "../../pipeline/orbit/ephemeris-walk.ts";
import { IlluminationWalk } from "../../pipeline/orbit/illumination.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import {
  instant,
  joules,
  seconds,
  type Instant,
  type Joules,
  type Seconds,
  type Watts,
} from "../../pipeline/units.ts";
import { arrayPower } from "./array.ts";
import { Battery, type BatterySnapshot } from "./battery.ts";
import { BodyTrace, type BodyTraceSnapshot } from "./body-trace.ts";
import { cellLengthOf } from "./cell-length.ts";
import { Governor } from "./governor.ts";
import { HeatModel } from "./heat.ts";
import { LoadQueue, type LoadQueueSnapshot } from "./load-queue.ts";

/** Who is told how battery and computer fare. */
export type BodyWatcher = Pick<FlightLog, "sample" | "stoodStill">;

/** How a body fares between two cells. */
export interface BodySnapshot {
  readonly battery: BatterySnapshot | null;
  readonly temperatures: Float64Array | null;
  readonly queue: LoadQueueSnapshot;
  readonly trace: BodyTraceSnapshot;
  readonly joules: Readonly<Record<Load, number>>;
  readonly waits: readonly Wait[];
  readonly throttled: number;
  readonly eclipse: number;
  readonly frontier: number;
  /** Of the next cell and of the one behind it. */
  readonly speeds: readonly [number, number];
  readonly lacksCharge: readonly [boolean, boolean];
}

/**
 * What power and heat do to one spacecraft, cell by cell of mission time. Battery and temperatures are integrated over a
 * cell once somebody asks for a speed that rests on it, and its loads are known by then: `speedIn(c)` is decided at the
 * start of cell c − 1 (a controller takes a cell to react), so it needs the loads before that moment and no others.
 * With neither power nor heat nothing is integrated and the speed is always 1.
 */
export class Body {
  /** Mission time is cut into cells of this length, counted from the start of the horizon; the last may be shorter. */
  readonly cell: Seconds;
  readonly #spacecraft: Spacecraft;
  readonly #from: Instant;
  readonly #span: number;
  readonly #cells: number;
  readonly #light: IlluminationWalk | null;
  readonly #battery: Battery | null;
  readonly #heat: HeatModel | null;
  readonly #computerNode: number;
  readonly #governor: Governor;
  readonly #queue = new LoadQueue();
  readonly #trace: BodyTrace;
  readonly #watcher: BodyWatcher | null;
  /** Always drawn, W, and the part of it that the idle computer draws. */
  readonly #base: number;
  readonly #idle: number;
  /** Of the power at work, what the idle computer does not draw; 0…1. */
  readonly #workShare: number;
  readonly #joules: Record<Load, number>;
  #waits: Wait[] = [];
  #throttled = 0;
  #eclipse = 0;
  /** Seconds from the start of the horizon. */
  #nextSample = 0;
  /** Cells before this one have been integrated. Speeds and their reasons are known for this one and the next. */
  #frontier = 0;
  #speedHere: number;
  #speedNext: number;
  #lacksChargeHere: boolean;
  #lacksChargeNext: boolean;

  constructor(
    spacecraft: Spacecraft,
    orbit: Satellite | Ephemeris,
    from: Instant,
    to: Instant,
    watcher: BodyWatcher | null = null,
    keepsSeries = true,
  ) {
    const { power, heat, computer } = spacecraft;
    const isKept = power !== null || heat !== null;
    this.#spacecraft = spacecraft;
    this.#watcher = watcher;
    this.#from = from;
    this.#span = to - from;
    this.cell = cellLengthOf(spacecraft);
    this.#cells = isKept ? Math.ceil(this.#span / this.cell) : 0;
    const places = !isKept ? null : "states" in orbit ? orbit : walkPlaces(orbit, from, to);
    this.#light = places && new IlluminationWalk(places, from, this.cell, this.#cells);
    this.#battery = power && new Battery(power.battery);
    this.#heat = heat && new HeatModel(heat);
    this.#computerNode = heat?.nodes.findIndex(({ name }) => name === heat.computerNode) ?? 0;
    this.#governor = new Governor(spacecraft);
    this.#trace = new BodyTrace(this.#cells, keepsSeries);
    this.#base = power?.loads.base ?? 0;
    this.#idle = power === null ? 0 : computer.idlePower;
    this.#workShare = workingPower(computer) / computer.power;
    this.#joules = {
      base: this.#base * this.#span,
      contact: 0,
      camera: 0,
      compute: 0,
      transmit: 0,
      crosslink: 0,
      slew: 0,
    };
    // The controller's first look serves the first two cells.
    this.#speedNext = this.#look();
    this.#speedHere = this.#speedNext;
    this.#lacksChargeNext = this.#governor.lacksCharge;
    this.#lacksChargeHere = this.#lacksChargeNext;
  }

  /**
   * Adds a load; what lies outside the horizon is left out. What lies before the integrated cells' end is drawn in the next
   * cell, so that no joule is lost; callers who care for the moment draw before they ask for a speed.
   *
   * The computer draws for every stretch in which it has work, each within a cell whose speed has been asked for: its power
   * times its speed there. 0 W is a wait and is recorded as one.
   */
  draw(load: Load, from: Instant, to: Instant, power: Watts): void {
    const begin = Math.max(0, from - this.#from);
    const end = Math.min(this.#span, to - this.#from);
    if (end <= begin) return;
    const energy = power * (end - begin);
    this.#joules[load] += load === "compute" ? this.#workShare * energy : energy;
    if (load === "compute") {
      if (power === 0) this.#wait(begin, end);
      else if (power < this.#spacecraft.computer.power) this.#throttled += end - begin;
    }
    if (this.#cells > 0) this.#queue.add({ load, from: begin, to: end, watts: power });
  }

  /**
   * The computer's speed in a cell, 0 (waits) … 1. Integrates as far as that needs; cells must be asked for in order of time.
   * After the horizon nothing holds the computer back.
   */
  speedIn(cell: number): number {
    if (cell >= this.#cells) return 1;
    while (this.#frontier < cell - 1) this.#step();
    if (cell < this.#frontier)
      throw new Error(
        `the computer's speed in cell ${cell} is asked for after cell ${this.#frontier - 1} was integrated`,
      );
    return cell === this.#frontier ? this.#speedHere : this.#speedNext;
  }

  /** As the controller saw it last: what the battery holds above its floor (`null` without one), and the speed of the computer that follows. */
  get state(): { readonly reserve: Joules | null; readonly speed: number } {
    const battery = this.#battery;
    const floor = this.#spacecraft.power?.battery.floor ?? 0;
    const above = battery === null ? null : joules(Math.max(0, battery.stored - floor * battery.capacity));
    return { reserve: above, speed: this.#speedNext };
  }

  /** Integrates up to `t`, before which no load is drawn any more: what comes of it is the same, it is only known earlier. */
  settle(t: Instant): void {
    const whole = Math.min(this.#cells, Math.floor((t - this.#from) / this.cell));
    while (this.#frontier < whole) this.#step();
  }

  snapshot(): BodySnapshot {
    return {
      battery: this.#battery?.snapshot() ?? null,
      temperatures: this.#heat?.temperatures ?? null,
      queue: this.#queue.snapshot(),
      trace: this.#trace.snapshot(),
      joules: this.#joules,
      waits: this.#waits,
      throttled: this.#throttled,
      eclipse: this.#eclipse,
      frontier: this.#frontier,
      speeds: [this.#speedHere, this.#speedNext],
      lacksCharge: [this.#lacksChargeHere, this.#lacksChargeNext],
    };
  }

  /** Goes on as a body of the same spacecraft, orbit and horizon did. */
  restore(snapshot: BodySnapshot): void {
    const { battery, temperatures, queue, trace, joules: drawn, waits, frontier } = snapshot;
    if (battery !== null) this.#battery?.restore(battery);
    if (temperatures !== null) this.#heat?.temperatures.set(temperatures);
    this.#queue.restore(queue);
    this.#trace.restore(trace);
    Object.assign(this.#joules, drawn);
    this.#waits = [...waits];
    this.#throttled = snapshot.throttled;
    this.#eclipse = snapshot.eclipse;
    this.#frontier = frontier;
    this.#light?.goTo(frontier);
    // The samples up to here have been taken.
    const minutes = Math.floor(Math.min(frontier * this.cell, this.#span) / sampleEvery);
    this.#nextSample = (minutes + 1) * sampleEvery;
    [this.#speedHere, this.#speedNext] = snapshot.speeds;
    [this.#lacksChargeHere, this.#lacksChargeNext] = snapshot.lacksCharge;
    this.#governor.restore(this.#lacksChargeNext);
  }

  /** Integrates to the end of the horizon, and closes the ledger. */
  close(): BodyLedger {
    while (this.#frontier < this.#cells) this.#step();
    const joulesOf = (load: Load) => joules(this.#joules[load]);
    return {
      ...this.#trace.close(this.#from, this.#battery, this.#heat?.temperatures[this.#computerNode]),
      loads: {
        base: joulesOf("base"),
        contact: joulesOf("contact"),
        camera: joulesOf("camera"),
        compute: joulesOf("compute"),
        transmit: joulesOf("transmit"),
        crosslink: joulesOf("crosslink"),
        ...(this.#joules.slew > 0 ? { slew: joulesOf("slew") } : {}),
      },
      eclipse: seconds(this.#eclipse),
      waits: this.#waits,
      throttled: seconds(this.#throttled),
    };
  }

  /** Looks at battery and temperature where the integration stands. */
  #look(): number {
    const charge = this.#battery === null ? 1 : this.#battery.charge;
    const temperature = this.#heat === null ? 0 : this.#heat.temperatures[this.#computerNode]!;
    const t = Math.min(this.#frontier * this.cell, this.#span);
    this.#trace.note(t, charge, temperature);
    // Cells are halves of ten seconds: every full minute begins one.
    if (t === this.#nextSample) {
      this.#nextSample += sampleEvery;
      this.#watcher?.sample(t / sampleEvery, charge, temperature);
    }
    return this.#governor.decide(charge, temperature);
  }

  #step(): void {
    const { power, computer } = this.#spacecraft;
    const queue = this.#queue;
    const light = this.#light!;
    const battery = this.#battery;
    const start = this.#frontier * this.cell;
    const end = Math.min(start + this.cell, this.#span);
    const dt = end - start;
    light.advance();
    queue.takeTo(end);
    this.#eclipse += (1 - light.share) * dt;

    const idle = this.#idle * (dt - queue.compute / computer.power);
    const computing = queue.compute + idle;
    const others = queue.others + (this.#base - this.#idle) * dt;
    let met = 1;
    let lost = 0;
    if (power !== null && battery !== null) {
      const before = battery.lost;
      met = battery.step(arrayPower(power, light) * dt, computing + others);
      lost = battery.lost - before;
    }
    this.#heat?.step(dt, light, (met * others + lost) / dt, (met * computing) / dt);

    this.#frontier++;
    this.#speedHere = this.#speedNext;
    this.#lacksChargeHere = this.#lacksChargeNext;
    this.#speedNext = this.#look();
    this.#lacksChargeNext = this.#governor.lacksCharge;
  }

  #wait(begin: number, end: number): void {
    const cell = Math.floor(begin / this.cell);
    const lacksCharge = cell === this.#frontier ? this.#lacksChargeHere : this.#lacksChargeNext;
    const reason = lacksCharge ? "battery" : "heat";
    const from = instant(this.#from + begin);
    const to = instant(this.#from + end);
    this.#watcher?.stoodStill({ from, to, reason });
    const last = this.#waits.at(-1);
    if (last !== undefined && last.to === from && last.reason === reason)
      this.#waits[this.#waits.length - 1] = { ...last, to };
    else this.#waits.push({ from, to, reason });
  }
}

/**
 * The body of a spacecraft on its way through [from, to]. An ephemeris must cover the stretch; a satellite is propagated
 * if power or heat is kept. Without `keepsSeries` the ledger has extremes and no series: it is for thousands of satellites at once.
 *
 * @throws SwathError("orbit") when SGP4 fails for the satellite
 */
export const openBody = (
  spacecraft: Spacecraft,
  orbit: Satellite | Ephemeris,
  from: Instant,
  to: Instant,
  watcher: BodyWatcher | null = null,
  keepsSeries = true,
): Body => new Body(spacecraft, orbit, from, to, watcher, keepsSeries);
