import type { Load } from "../../pipeline/mission/body-ledger.ts";

/** As snapshots number them. */
const loads: readonly Load[] = ["base", "contact", "camera", "compute", "transmit", "crosslink", "slew"];

/** A load of a steady power over a stretch, seconds from the start of the horizon. */
export interface Draw {
  readonly load: Load;
  readonly from: number;
  readonly to: number;
  readonly watts: number;
}

/** Loads that have not been taken to their end. */
export interface LoadQueueSnapshot {
  readonly taken: number;
  readonly lateCompute: number;
  readonly lateOthers: number;
  /** Four numbers a draw: place of its load among `loads`, from, to, watts. Those that have begun first. */
  readonly draws: Float64Array;
  readonly running: number;
}

/**
 * Loads that wait for the time at which they draw. They are taken cell by cell in order of time; what is added for a time
 * that has been taken already draws in the next cell instead: joules are never dropped.
 */
export class LoadQueue {
  /** Of the stretch taken last, in joules: the computer's, and all others together. */
  compute = 0;
  others = 0;
  /** In order of `from`; those before `#head` have been taken. */
  #draws: Draw[] = [];
  #head = 0;
  /** Begun and not yet ended. */
  #running: Draw[] = [];
  #taken = 0;
  #lateCompute = 0;
  #lateOthers = 0;

  add(draw: Draw): void {
    const { load, from, to, watts } = draw;
    if (!(to > from) || watts === 0) return;
    if (from < this.#taken) {
      const late = watts * (Math.min(to, this.#taken) - from);
      if (load === "compute") this.#lateCompute += late;
      else this.#lateOthers += late;
      if (to > this.#taken) this.#insert({ ...draw, from: this.#taken });
    } else this.#insert(draw);
  }

  /** Fills `compute` and `others` with what is drawn from the end of the stretch taken before to `to`. */
  takeTo(to: number): void {
    const from = this.#taken;
    this.compute = this.#lateCompute;
    this.others = this.#lateOthers;
    this.#lateCompute = 0;
    this.#lateOthers = 0;
    this.#taken = to;
    for (let next = this.#draws[this.#head]; next !== undefined && next.from < to;) {
      this.#running.push(next);
      this.#head++;
      next = this.#draws[this.#head];
    }
    if (this.#head > 64) {
      this.#draws.splice(0, this.#head);
      this.#head = 0;
    }
    if (this.#running.length === 0) return;
    let kept = 0;
    for (const draw of this.#running) {
      const joules = draw.watts * (Math.min(draw.to, to) - Math.max(draw.from, from));
      if (draw.load === "compute") this.compute += joules;
      else this.others += joules;
      if (draw.to > to) this.#running[kept++] = draw;
    }
    // Setting a length is slow, and mostly nothing has ended.
    while (this.#running.length > kept) this.#running.pop();
  }

  snapshot(): LoadQueueSnapshot {
    const open = [...this.#running, ...this.#draws.slice(this.#head)];
    const draws = new Float64Array(open.length * 4);
    for (const [n, { load, from, to, watts }] of open.entries())
      draws.set([loads.indexOf(load), from, to, watts], n * 4);
    return {
      taken: this.#taken,
      lateCompute: this.#lateCompute,
      lateOthers: this.#lateOthers,
      draws,
      running: this.#running.length,
    };
  }

  /** Goes on with what another queue had open, and with nothing else. */
  restore({ taken, lateCompute, lateOthers, draws, running }: LoadQueueSnapshot): void {
    const open = Array.from({ length: draws.length / 4 }, (_, n): Draw => {
      const [load = 0, from = 0, to = 0, watts = 0] = draws.subarray(n * 4, n * 4 + 4);
      return { load: loads[load] as Load, from, to, watts };
    });
    this.#running = open.slice(0, running);
    this.#draws = open.slice(running);
    this.#head = 0;
    this.#taken = taken;
    this.#lateCompute = lateCompute;
    this.#lateOthers = lateOthers;
  }

  #insert(draw: Draw): void {
    const draws = this.#draws;
    let place = draws.length;
    while (place > this.#head && (draws[place - 1] as Draw).from > draw.from) place--;
    draws.splice(place, 0, draw);
  }
}
