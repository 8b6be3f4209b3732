import { firstOwnAcquisition } from "../../pipeline/mission/cue-tips.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { acquisitionAt, type Acquisition } from "../../pipeline/orbit/acquisition.ts";

/**
 * The schedule of a mission as the centre knows it while the mission flies: the plan's, what is ordered meanwhile, and what satellites have given themselves.
 */
export class GrowingSchedule {
  readonly #acquisitions: Acquisition[];
  readonly #planned: number;
  #next: number;

  constructor({ acquisitions }: Pick<RunPlan, "acquisitions">) {
    this.#acquisitions = [...acquisitions];
    this.#planned = acquisitions.length;
    this.#next = acquisitions.length;
  }

  /** All of it: those of the plan and those that were ordered at their numbers but for what satellites gave themselves in between. */
  get all(): readonly Acquisition[] {
    return this.#acquisitions;
  }

  /** What mission control knows of: what satellites give themselves it learns of when it comes down. */
  get ordered(): readonly Acquisition[] {
    return this.#acquisitions.filter(({ index }) => index < firstOwnAcquisition);
  }

  /** The number of the next one that is ordered. */
  get next(): number {
    return this.#next;
  }

  /** Adds an acquisition that is ordered in flight, under the next number. */
  add(acquisition: Omit<Acquisition, "index">): Acquisition {
    const numbered = { ...acquisition, index: this.#next++ };
    this.#acquisitions.push(numbered);
    return numbered;
  }

  /** Takes note of one that a satellite gave itself; a second time it changes nothing. */
  note(acquisition: Acquisition): void {
    const { index } = acquisition;
    if (index >= firstOwnAcquisition && acquisitionAt(this.#acquisitions, index) === undefined)
      this.#acquisitions.push(acquisition);
  }

  /** Puts it in the order of the numbers, once nothing is added any more. */
  sort(): void {
    this.#acquisitions.sort((a, b) => a.index - b.index);
  }

  /** What the plan did not have, in the order of the numbers once sorted. */
  get added(): readonly Acquisition[] {
    return this.#acquisitions.slice(this.#planned);
  }
}
