import { createHash } from "node:crypto";
import type { LinkKey } from "../../../../pipeline/link/security/link-key.ts";
import type { LinkSecurity } from "../../../../pipeline/link/security/link-security.ts";
import { reservedNumbers, type SequenceNumbers } from "../../../../pipeline/link/security/sequence.ts";

/** The secret of a satellite, from its name and the number of its key. */
export const testKey = (satellite: string, generation: number): LinkKey => ({
  generation,
  secret: new Uint8Array(createHash("sha256").update(`${satellite}/${generation}`).digest()),
});

/** Keys in memory, with numbers that run on for as long as the object lives. */
export const testSecurity = (
  protection: LinkSecurity["protection"],
  options: {
    readonly run?: string;
    readonly generations?: readonly number[];
    readonly stations?: readonly string[];
  } = {},
): LinkSecurity => {
  const { run = "run", generations = [1], stations = ["gs"] } = options;
  const senders = new Map<string, SequenceNumbers>();
  return {
    protection,
    run,
    grounds: ["centre", ...stations],
    keysOf: (satellite) => generations.map((generation) => testKey(satellite, generation)),
    numbersOf: (sender) => {
      let block = 0;
      const numbers = senders.get(sender) ?? reservedNumbers(sender, () => block++);
      senders.set(sender, numbers);
      return numbers;
    },
  };
};
