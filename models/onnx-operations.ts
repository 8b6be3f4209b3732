import type { OnnxFile, OnnxNode } from "./onnx-file.ts";

/** Where a convolution's weights stand among a node's inputs. */
const weightInput: ReadonlyMap<string, number> = new Map([
  ["Conv", 1],
  ["ConvInteger", 1],
  ["FusedConv", 1],
  ["ConvTranspose", 1],
  ["QLinearConv", 3],
]);

/** How a node changes the number of positions on the image plane. */
const positionsFactor = ({ operator, integers }: OnnxNode): number => {
  const stride = (integers.get("strides") ?? []).reduce((product, s) => product * s, 1);
  if (operator === "ConvTranspose") return stride;
  // Detection necks double the side; the exact factors hide in computed tensors.
  if (operator === "Resize" || operator === "Upsample") return 4;
  if (weightInput.has(operator) || operator.endsWith("Pool")) return 1 / Math.max(1, stride);
  return 1;
};

/**
 * Operations an input pixel, multiply and add counted as two, from the convolutions of the graph: weights × positions.
 * An estimate for files that come without a card; everything but convolutions (a few per cent) is left out.
 */
export const estimateOpsPerPixel = (file: OnnxFile): number => {
  // Positions of each tensor relative to the input image's pixels; nodes stand in execution order in a valid file.
  const positions = new Map<string, number>();
  for (const { name } of file.inputs) positions.set(name, 1);
  let multiplyAdds = 0;
  for (const node of file.nodes) {
    const source = node.inputs.find((name) => positions.has(name));
    if (source === undefined) continue;
    const before = positions.get(source) ?? 0;
    const after = before * positionsFactor(node);
    for (const output of node.outputs) positions.set(output, after);
    const at = weightInput.get(node.operator);
    const shape = at === undefined ? undefined : file.initializers.get(node.inputs[at] ?? "");
    if (shape === undefined) continue;
    const weights = shape.reduce((product, n) => product * n, 1);
    multiplyAdds += weights * (node.operator === "ConvTranspose" ? before : after);
  }
  return 2 * multiplyAdds;
};
