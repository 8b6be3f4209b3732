import type { FrameRefusal } from "../frames/frame-security.ts";
import type { LinkProtection } from "../frames/link-protection.ts";
import { instant, later, seconds, type Instant, type Seconds } from "../../units.ts";
import { trafficKey, type LinkChannel, type LinkKey } from "./link-key.ts";
import { cipherOf, type Cipher, type ProtectedBytes } from "./protected-bytes.ts";
import { ReplayWindow } from "./replay-window.ts";
import type { SequenceNumbers } from "./sequence.ts";

/** How long after the first message under a new key the old one is still taken, in mission time. */
export const graceTime: Seconds = seconds(3600);

/** The sending end of a channel: its newest key, and its numbers. */
export interface SendingEnd {
  readonly spi: number;
  readonly numbers: SequenceNumbers;
  readonly cipher: Cipher;
}

/** Opens the sending end of a channel with the satellite's newest key. */
export const openSendingEnd = (
  protection: Exclude<LinkProtection, "none">,
  channel: LinkChannel,
  newest: LinkKey,
  numbers: SequenceNumbers,
): SendingEnd => {
  const key = trafficKey(channel, newest);
  return { spi: key.spi, numbers, cipher: cipherOf(protection, key) };
};

interface Association {
  readonly generation: number;
  readonly cipher: Cipher;
  readonly window: ReplayWindow;
  /** `null`: no newer key has been heard of. */
  until: Instant | null;
}

/** What a message says of itself, before anybody has looked whether it is true. */
export interface Claim {
  readonly spi: number;
  readonly number: number;
  readonly mac: Uint8Array;
}

/**
 * The receiving end of a channel: one security association for each key of the satellite. A fold over what arrives: the same messages
 * in the same order are taken and refused alike, so an end that died is simply shown them again.
 *
 * A newer key retires the older ones by being used: after `graceTime` they are refused. A message changes nothing about the
 * association that protects it, nor about newer ones: who stole an old key can neither prolong it nor retire its successor.
 */
export class ReceivingEnd {
  readonly #associations = new Map<number, Association>();
  readonly #grace: Seconds;

  /** `keys`: all that the satellite may use, in any order. */
  constructor(
    protection: Exclude<LinkProtection, "none">,
    channel: LinkChannel,
    keys: readonly LinkKey[],
    grace: Seconds = graceTime,
  ) {
    this.#grace = grace;
    for (const linkKey of keys) {
      const key = trafficKey(channel, linkKey);
      this.#associations.set(key.spi, {
        generation: linkKey.generation,
        cipher: cipherOf(protection, key),
        window: new ReplayWindow(),
        until: null,
      });
    }
  }

  /**
   * Opens a message that was sent at `at`, in place; `null` when it is genuine, else why not, and then neither the message nor
   * anything here has changed.
   */
  open(message: ProtectedBytes, { spi, number, mac }: Claim, at: Instant): FrameRefusal | null {
    const association = this.#associations.get(spi);
    if (association === undefined) return "unknown-key";
    if (association.until !== null && at > association.until) return "retired-key";
    if (association.window.look(number) !== "fresh") return "replayed";
    if (!association.cipher.open(message, number, mac)) return "forged";
    association.window.take(number);
    this.#retireBefore(association.generation, at);
    return null;
  }

  #retireBefore(generation: number, at: Instant): void {
    for (const association of this.#associations.values()) {
      if (association.generation >= generation || association.until !== null) continue;
      association.until = instant(later(at, this.#grace));
    }
  }
}
