import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamKinds } from "../../pipeline/bus/subjects.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { messageCases } from "./messages.ts";

/** What every codec of the bus must do. */
describe.each(messageCases)("messages on $name", ({ failure, messages, encode, decode }) => {
  /** A codec that reads what nobody wrote says so in its own words, and no other way. */
  const survives = (message: Uint8Array): void => {
    try {
      decode(message);
    } catch (error) {
      if (!isSwathError(error, failure)) throw error;
    }
  };

  it("come back as they were", () => {
    fc.assert(
      fc.property(messages, (sent) => {
        expect(decode(Uint8Array.from(encode(sent)))).toEqual(sent);
      }),
      { seed: 9, numRuns: 60 },
    );
  });

  it("view the bytes that they are read from at any offset", () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 9 }), (sent, offset) => {
        const message = encode(sent);
        const larger = new Uint8Array(message.length + offset + 3).fill(0xee);
        larger.set(message, offset);
        expect(decode(larger.subarray(offset, offset + message.length))).toEqual(sent);
      }),
      { seed: 9, numRuns: 20 },
    );
  });

  it("never crash the reader: mutants are read or refused", () => {
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (sent, changes) => {
          const mutant = Uint8Array.from(encode(sent));
          // Heads and lengths stand in front: that is where a change tells.
          for (const [at, value] of changes) mutant[at % Math.min(mutant.length, 120)] = value;
          survives(mutant);
        },
      ),
      { seed: 10, numRuns: 300 },
    );
  });

  it("never crash the reader: cut, longer and foreign ones are read or refused", () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.uint8Array({ maxLength: 60 }), (sent, at, noise) => {
        const message = encode(sent);
        survives(message.subarray(0, at % message.length));
        survives(Buffer.concat([message, noise]));
        survives(noise);
        survives(Buffer.concat([message.subarray(0, 5), noise]));
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it("take no memory for what a length promises", () => {
    const [sent] = fc.sample(messages, { seed: 12, numRuns: 1 });
    const message = encode(sent);
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 3; at < Math.min(message.length - 4, 200); at++) {
      const mutant = Uint8Array.from(message.subarray(0, 4096));
      mutant.set([0xff, 0xff, 0xff, 0x7f], at);
      survives(mutant);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
  });
});

describe("the cases", () => {
  it("are those of every stream", () => {
    const named = new Set(messageCases.map(({ name }) => name.split(",")[0]));
    expect(named).toEqual(new Set(streamKinds));
  });

  it("tell their subjects apart, and name tag and version of what they do not read", () => {
    const binary = messageCases.filter(({ name }) => name !== "result" && !name.includes(","));
    for (const mine of binary) {
      const [sent] = fc.sample(mine.messages, { seed: 1, numRuns: 1 });
      const message = Uint8Array.from(mine.encode(sent));
      for (const other of binary) {
        if (other === mine) continue;
        expect(() => other.decode(message)).toThrow(
          /wanted tag "SW.", version \d+, got tag "SW.", version \d+/,
        );
      }
      expect(() => mine.decode(message.with(3, 99))).toThrow(/version \d+, got tag "SW.", version 99/);
      expect(() => mine.decode(message.with(4, 77))).toThrow(/unknown kind: wanted 0 \(.*got 77/);
      expect(() => mine.decode(new Uint8Array())).toThrow(/got 0 bytes/);
    }
  });

  it("refuse more than their bound before they look at it", () => {
    for (const { name, decode } of messageCases) {
      if (name.includes(",")) continue;
      expect(() => decode(new Uint8Array(8 * 1024 * 1024 + 1)), name).toThrow(
        /too long: wanted at most \d+ bytes/,
      );
    }
  });
});
