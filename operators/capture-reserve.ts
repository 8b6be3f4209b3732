import type { CaptureRecord } from "../pipeline/mission/ledger.ts";
import { bytes, type Bytes, type Instant } from "../pipeline/units.ts";

/**
 * Scenes as the sensor handed them over, kept on board for the case that the ground asks for their pixels. They take what room
 * the products leave: the oldest goes first, and all of them before any product.
 */
export class CaptureReserve {
  /** In order of age. */
  readonly #held = new Map<number, number>();
  readonly #records = new Map<number, CaptureRecord>();
  #bytes = 0;

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
    this.#records.set(acquisition, { acquisition, size: bytes(size), givenUpAt: isKept ? null : at });
  }

  /** Gives up the oldest until the rest takes no more than `room`. */
  shrink(room: number, at: Instant): void {
    for (const [acquisition, size] of this.#held) {
      if (this.#bytes <= room) return;
      this.#held.delete(acquisition);
      this.#bytes -= size;
      this.#records.set(acquisition, { acquisition, size: bytes(size), givenUpAt: at });
    }
  }

  /** Takes a scene back that could not be read to its end. */
  forget(acquisition: number): void {
    this.#bytes -= this.#held.get(acquisition) ?? 0;
    this.#held.delete(acquisition);
    this.#records.delete(acquisition);
  }
}
