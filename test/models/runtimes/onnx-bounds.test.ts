import { describe, expect, it } from "vitest";
import { checkBounds } from "../../../models/runtimes/onnx-bounds.ts";

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) + 128);
  }
};
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);
const part = (field: number, ...content: readonly (Buffer | string)[]): Buffer => {
  const bytes = Buffer.concat(content.map((one) => Buffer.from(one)));
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
};
const int64s = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeBigInt64LE(BigInt(value), 8 * i));
  return bytes;
};

const shape = (...values: readonly number[]): Buffer =>
  part(5, number(1, values.length), number(2, 7), part(8, "shape"), part(9, int64s(...values)));
const node = (operator: string, ...inputs: readonly string[]): Buffer =>
  part(1, ...inputs.map((name) => part(1, name)), part(2, "made"), part(4, operator));
const check = (...graph: readonly Buffer[]) => checkBounds(part(7, ...graph), "net.onnx");

describe("what a few bytes of ONNX may ask for", () => {
  it.each([
    ["ConstantOfShape", ["shape"]],
    ["Expand", ["one", "shape"]],
    ["Tile", ["one", "shape"]],
    ["Resize", ["image", "", "", "shape"]],
  ])("%s makes a mask, but not gigabytes", (operator, inputs) => {
    expect(() => check(shape(1, 1, 640, 640), node(operator, ...inputs))).not.toThrow();
    expect(() => check(shape(1, 1_900_000_000), node(operator, ...inputs))).toThrow(
      `net.onnx: what its ${operator} makes is too large: wanted at most 268435456 elements, got 1900000000`,
    );
  });

  it("counts many of a bearable size together", () => {
    const nodes = Array.from({ length: 9 }, () => node("ConstantOfShape", "shape"));
    expect(() => check(shape(2 ** 13, 2 ** 13), ...nodes)).toThrow("too large");
  });

  it("wants the elements that a tensor declares", () => {
    const tensor = (...data: readonly Buffer[]) => part(5, number(1, 3), number(2, 1), part(8, "w"), ...data);
    expect(() => check(tensor(part(9, Buffer.alloc(12))))).not.toThrow();
    expect(() => check(tensor(part(4, Buffer.alloc(12))))).not.toThrow();
    expect(() => check(tensor(part(9, Buffer.alloc(8))))).toThrow(
      'tensor "w" does not hold what it declares',
    );
    expect(() => check(tensor())).toThrow("got no data");
  });

  it("looks into bodies, a bounded number of times", () => {
    const inside = (content: Buffer, times: number): Buffer =>
      times === 0
        ? content
        : part(1, part(4, "If"), part(5, part(1, "then_branch"), part(6, inside(content, times - 1))));
    const bomb = node("ConstantOfShape", "shape");
    expect(() => check(shape(2 ** 30), inside(bomb, 3))).toThrow("too large");
    expect(() => check(shape(1), inside(bomb, 20))).toThrow("graphs inside each other");
  });
});
