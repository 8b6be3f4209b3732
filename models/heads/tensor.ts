import { SwathError } from "../../pipeline/errors.ts";
import type { Outputs, OutputTensor } from "./head.ts";

/** The output called `name`, or the first one when the name is empty. Throws `SwathError("model")`. */
export const outputNamed = (outputs: Outputs, name: string): OutputTensor => {
  const found = name === "" ? outputs.values().next().value : outputs.get(name);
  if (found) return found;
  const got = [...outputs.keys()].join(", ") || "none";
  throw new SwathError("model", { what: `model output "${name}"`, wanted: "it among the outputs", got });
};

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
