import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeResultMessage, type ResultMessage } from "../../../pipeline/mission/result-message.ts";
import { readHead, readWrittenHead } from "../../../stations/subscribers/detection-head.ts";
import { result } from "./results.ts";

const number = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer());
const points = fc.option(fc.array(fc.tuple(number, number), { maxLength: 5 }));
const plain = fc.string({
  unit: fc.constantFrom("a", "Z", "0", "9", "_", "-", ".", "/", " ", "é", "海"),
  maxLength: 12,
});
const anything = fc
  .record({
    class: plain,
    satellite: plain,
    scene: plain,
    score: number,
    longitude: fc.option(number),
    latitude: fc.option(number),
    polygon: points,
    outline_px: points,
  })
  .map((over): ResultMessage => ({ ...result(1), ...over }));

const headOf = ({
  id,
  run,
  class: name,
  score,
  satellite,
  longitude,
  latitude,
  received_at,
}: ResultMessage) => ({
  id,
  run,
  class: name,
  score,
  satellite,
  longitude,
  latitude,
  received_at,
});

describe("the head of a result", () => {
  it("is read as parsing would read it", () => {
    fc.assert(
      fc.property(anything, (one) => {
        const text = JSON.stringify(one);
        expect(readWrittenHead(text)).toEqual(headOf(JSON.parse(text) as ResultMessage));
      }),
    );
  });

  it("is read by the pattern only where the schema too finds a result", () => {
    const position = fc.nat(900);
    const insert = fc.constantFrom(
      "",
      '"',
      ",",
      "}",
      "[",
      "]",
      "0",
      "1e999",
      "\\",
      "null",
      " ",
      "-",
      ":",
      "\n",
      "é",
    );
    fc.assert(
      fc.property(anything, position, fc.nat(4), insert, (one, at, length, said) => {
        const text = JSON.stringify(one);
        const mutated = text.slice(0, at) + said + text.slice(at + length);
        const head = readWrittenHead(mutated);
        if (head === null) return;
        expect(head).toEqual(headOf(decodeResultMessage(Buffer.from(mutated))));
      }),
      { numRuns: 2000 },
    );
  });

  it("is read by parsing where a publisher writes another way", () => {
    const quoted = { ...result(1), class: 'a "ship"', scene: "tab\there" };
    const turned = Object.fromEntries(Object.entries(result(2)).toReversed());
    expect([readWrittenHead(JSON.stringify(quoted)), readWrittenHead(JSON.stringify(turned))]).toEqual([
      null,
      null,
    ]);
    expect(readHead(JSON.stringify(quoted))).toMatchObject({ class: 'a "ship"' });
    expect(readHead(JSON.stringify(turned))).toMatchObject({ id: result(2).id });
  });
});
