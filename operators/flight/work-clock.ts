import { instant, type Instant, type Seconds } from "../../pipeline/units.ts";

/** How fast the onboard computer is from cell to cell of mission time. */
export interface ComputerPace {
  /** Length of a cell, counted from `from`. */
  readonly from: Instant;
  readonly cell: Seconds;
  /** 0 (waits) … 1 (full speed) in a cell; cells are asked for in order. */
  readonly speedIn: (cell: number) => Promise<number>;
  /** The computer worked at that speed in that stretch of one cell. */
  readonly onWork: (from: Instant, to: Instant, speed: number) => void;
}

/**
 * The time that work takes on a computer which power and heat may slow down or stop. Work is a fluid: when so many
 * seconds of it are done does not depend on the portions in which it is asked for.
 */
export class WorkClock {
  readonly startedAt: Instant;
  readonly #pace: ComputerPace | null;
  /** Start of the current cell, or of the work; what was done by then. */
  #t: Instant;
  #done = 0;
  #cell: number;
  #speed: number | null = null;
  /** Work has been reported up to here. */
  #reported: Instant;

  /** `pace: null` is a computer that is never slowed down. */
  constructor(startedAt: Instant, pace: ComputerPace | null) {
    this.startedAt = startedAt;
    this.#pace = pace;
    this.#t = startedAt;
    this.#reported = startedAt;
    this.#cell = pace === null ? 0 : Math.floor((startedAt - pace.from) / pace.cell);
  }

  /** How far the computer has come in time. */
  get reached(): Instant {
    return this.#reported;
  }

  /** When `work` seconds at full speed are done, counted from the start; must not decrease from call to call. */
  async at(work: Seconds): Promise<Instant> {
    const pace = this.#pace;
    if (pace === null) return (this.#reported = instant(this.startedAt + work));
    for (;;) {
      const speed = (this.#speed ??= await pace.speedIn(this.#cell));
      const cellEnd = pace.from + (this.#cell + 1) * pace.cell;
      const left = work - this.#done;
      const capacity = (cellEnd - this.#t) * speed;
      if (left <= capacity) {
        const ready = instant(speed === 0 ? this.#t : this.#t + left / speed);
        this.#report(ready, speed);
        return ready;
      }
      this.#report(instant(cellEnd), speed);
      this.#done += capacity;
      this.#t = instant(cellEnd);
      this.#cell++;
      this.#speed = null;
    }
  }

  #report(to: Instant, speed: number): void {
    if (to <= this.#reported) return;
    this.#pace?.onWork(this.#reported, to, speed);
    this.#reported = to;
  }
}

/** A computer that works at full speed, whatever happens. */
export const tirelessClock = (startedAt: Instant): WorkClock => new WorkClock(startedAt, null);
