import { SwathError } from "../../pipeline/errors.ts";
import type { Outputs, OutputTensor } from "../runtimes/network-session.ts";

/** The output called `name`, or the first one when the name is empty. Throws `SwathError("model")`. */
export const outputNamed = (outputs: Outputs, name: string): OutputTensor => {
  const found = name === "" ? outputs.values().next().value : outputs.get(name);
  if (found) return found;
  const got = [...outputs.keys()].join(", ") || "none";
  throw new SwathError("model", { what: "outputs of the model", wanted: `"${name}"`, got });
};

/** The error for a tensor of the wrong shape. */
export const shapeError = (what: string, wanted: string, shape: readonly number[]): SwathError =>
  new SwathError("model", { what: `shape of ${what}`, wanted, got: `[${shape.join(", ")}]` });

/** Throws `SwathError("model")` unless every value is a finite number. */
export const checkFinite = (values: Float32Array, what: string): void => {
  // One sum instead of a test a value: it ends up not finite as soon as one value is NaN or infinite.
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  if (Number.isFinite(sum)) return;
  throw new SwathError("model", {
    what: `model output ${what}`,
    wanted: "finite numbers",
    got: String(values.find((v) => !Number.isFinite(v)) ?? sum),
    hint: "check that the pixels are in the units that the model's card states",
  });
};

/** The least and the largest of some numbers; 0 counts as one of them. */
export const rangeOf = (values: Float32Array): readonly [least: number, largest: number] => {
  let [least, largest] = [0, 0];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value < least) least = value;
    else if (value > largest) largest = value;
  }
  return [least, largest];
};

/** Outputs of four dimensions turned from [1, rows, columns, channels] into [1, channels, rows, columns]. */
export const channelsFirst = (outputs: Outputs): Outputs =>
  new Map(
    [...outputs].map(
      ([name, tensor]) => [name, tensor.shape.length === 4 ? turned(tensor) : tensor] as const,
    ),
  );

const turned = ({ shape, data }: OutputTensor): OutputTensor => {
  const [batch = 1, rows = 0, columns = 0, channels = 0] = shape;
  const cells = rows * columns;
  const out = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel += 1) {
    for (let cell = 0; cell < cells; cell += 1) {
      out[channel * cells + cell] = data[cell * channels + channel] as number;
    }
  }
  return { shape: [batch, channels, rows, columns], data: out };
};
