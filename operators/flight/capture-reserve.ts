import type { CaptureRecord } from "../../pipeline/mission/ledger.ts";
import { bytes, type Bytes, type Instant } from "../../pipeline/units.ts";

/**
 * Scenes as the sensor handed them over, kept on board in case the ground requests their pixels. They take what room
 * the products leave: the oldest goes first, and all of them before any product.
 */
export class CaptureReserve {
  /** In order of age. */
  readonly #held = new Map<number, number>();
  readonly #records = new Map<number, CaptureRecord>();
  readonly #onGivenUp: (record: CaptureRecord, at: Instant) => void;
  #bytes = 0;

  constructor(onGivenUp: (record: CaptureRecord, at: Instant) => void = () => undefined) {
    this.#onGivenUp = onGivenUp;
  }

  get heldBytes(): Bytes {
    return bytes(this.#bytes);
  }

  has(acquisition: number): boolean {
    return this.#held.has(acquisition);
  }

  /** Every scene that was taken, in order. */
  get records(): readonly CaptureRecord[] {
    return [...this.#records.values()];
  }

  /** Keeps a scene where `room` is left for all of them; one that would not fit alone costs no other. */
  keep(acquisition: number, size: number, room: number, at: Instant): void {
    const isKept = size <= room;
    if (isKept) {
      this.shrink(room - size, at);
      this.#held.set(acquisition, size);
      this.#bytes += size;
    }
    if (isKept) this.#records.set(acquisition, { acquisition, size: bytes(size), givenUpAt: null });
    else this.#giveUp(acquisition, size, at);
  }

  /** Gives up the oldest until the rest takes no more than `room`. */
  shrink(room: number, at: Instant): void {
    for (const [acquisition, size] of this.#held) {
      if (this.#bytes <= room) return;
      this.#held.delete(acquisition);
      this.#bytes -= size;
      this.#giveUp(acquisition, size, at);
    }
  }

  #giveUp(acquisition: number, size: number, at: Instant): void {
    const record = { acquisition, size: bytes(size), givenUpAt: at };
    this.#records.set(acquisition, record);
    this.#onGivenUp(record, at);
  }

  /** Takes a scene back that could not be read to its end. */
  forget(acquisition: number): void {
    this.#bytes -= this.#held.get(acquisition) ?? 0;
    this.#held.delete(acquisition);
    this.#records.delete(acquisition);
  }
}
