import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePythonDict } from "../../../models/card/ultralytics.ts";
import { checkOperators, readOnnxFile } from "../../../models/runtimes/onnx-file.ts";
import { cardFromMetadata } from "../../../models/card/ultralytics.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { toyFile } from "../toys.ts";

const toy = (name: string): Uint8Array => new Uint8Array(readFileSync(toyFile(name)));

describe("the header of an ONNX file", () => {
  test("is read without the weights", () => {
    const file = readOnnxFile(toy("toy-yolo"), "toy");
    expect(file.producer).toBe("toys.py");
    expect([...file.opsets]).toEqual([["", 11]]);
    expect(file.inputs).toEqual([{ name: "images", elementType: 1, shape: [1, 3, 64, 64] }]);
    expect(file.outputs).toEqual([{ name: "output0", elementType: 1, shape: [1, 6, 64] }]);
    expect(file.nodes.map(({ operator }) => operator)).toEqual(["Conv", "Reshape", "Concat"]);
    expect(file.nodes[0]?.integers.get("strides")).toEqual([8, 8]);
    expect(file.initializers.get("pick")).toEqual([2, 3, 8, 8]);
    expect(file.metadata.get("stride")).toBe("8");
  });

  test("free dimensions keep their names", () => {
    expect(readOnnxFile(toy("toy-centre"), "toy").inputs[0]?.shape).toEqual(["n", 4, "h", "w"]);
  });

  test("hostile bytes end in a result or a tagged error", () => {
    const whole = toy("toy-yolo");
    const mutation = fc.record({
      at: fc.nat(whole.length - 1),
      value: fc.integer({ min: 0, max: 255 }),
    });
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 12 }),
        fc.nat(whole.length),
        (mutations, length) => {
          const bytes = whole.slice(0, length < 200 ? whole.length - length : whole.length);
          for (const { at, value } of mutations) if (at < bytes.length) bytes[at] = value;
          try {
            const file = readOnnxFile(bytes, "mutant.onnx");
            checkOperators(file, "mutant.onnx");
            cardFromMetadata(file, "mutant.onnx", "0".repeat(64));
          } catch (error) {
            refused += 1;
            expect(isSwathError(error, "model"), String(error)).toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  test.each([
    ["nothing", []],
    ["text", [...new TextEncoder().encode("<html>not found</html>")]],
    ["a length past the end", [0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ["a number that never ends", [0x08, ...Array<number>(40).fill(0xff)]],
  ])("%s is no model", (_, bytes) => {
    expect(() => readOnnxFile(Uint8Array.from(bytes), "bad.onnx")).toThrow(/^bad\.onnx is no ONNX model/);
  });
});

describe("class names as Python writes them", () => {
  test.each([
    ["{0: 'person', 1: 'bicycle'}", ["person", "bicycle"]],
    [`{0: 'plane', 1: "captain's boat", 2: 'it\\'s'}`, ["plane", "captain's boat", "it's"]],
    ["{0: 'a',}", null],
    ["{1: 'a'}", null],
    ["{0: 'a', 0: 'b'}", null],
    ["['a']", null],
    ["{0: 'a'", null],
    ["", null],
  ])("%s", (text, names) => {
    expect(parsePythonDict(text)).toEqual(names);
  });
});
