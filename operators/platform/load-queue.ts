import type { Load } from "../../pipeline/mission/body-ledger.ts";

/** A load of a steady power over a stretch, seconds from the start of the horizon. */
export interface Draw {
  readonly load: Load;
  readonly from: number;
  readonly to: number;
  readonly watts: number;
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
  readonly #draws: Draw[] = [];
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
    this.#running.length = kept;
  }

  #insert(draw: Draw): void {
    const draws = this.#draws;
    let place = draws.length;
    while (place > this.#head && (draws[place - 1] as Draw).from > draw.from) place--;
    draws.splice(place, 0, draw);
  }
}
