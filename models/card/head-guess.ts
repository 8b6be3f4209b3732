import type { CardHead } from "./card.ts";
import type { OnnxFile, OnnxValue } from "../runtimes/onnx-file.ts";
import { parsePythonDict } from "./ultralytics.ts";

/** The head that a file would take, from the shapes of its outputs. */
export interface HeadGuess {
  readonly kind: CardHead["kind"];
  /** Why, in a phrase. */
  readonly why: string;
  /** Classes that the outputs speak of, a background among them; `null` where the shapes do not tell. */
  readonly classes: number | null;
}

/** How the input lies, from its shape: the short one of the inner sides is the channels. */
export interface InputGuess {
  readonly layout: "NCHW" | "NHWC";
  readonly channels: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

const numberOr = (side: number | string | undefined): number | null =>
  typeof side === "number" ? side : null;

/** `null` when the input is no image: not one of four dimensions. */
export const guessInput = (file: OnnxFile): InputGuess | null => {
  const [input, ...others] = file.inputs;
  if (input === undefined || others.length > 0 || input.shape.length !== 4) return null;
  const [, second, third, fourth] = input.shape.map(numberOr);
  const last = typeof fourth === "number" && fourth <= 16 && !(typeof second === "number" && second <= 16);
  return last
    ? { layout: "NHWC", channels: fourth, height: second ?? null, width: third ?? null }
    : { layout: "NCHW", channels: second ?? null, height: third ?? null, width: fourth ?? null };
};

const cellsAt = (width: number, height: number): number =>
  [8, 16, 32].reduce((sum, s) => sum + Math.ceil(width / s) * Math.ceil(height / s), 0);

const shapeText = ({ shape }: OnnxValue): string =>
  `[${shape.map((side) => (side === "" ? "?" : side)).join(", ")}]`;

/** `null` when no head fits. */
export const guessHead = (file: OnnxFile): HeadGuess | null => {
  const input = guessInput(file);
  const names = parsePythonDict(file.metadata.get("names") ?? "");
  const { outputs } = file;
  const named = (name: string): OnnxValue | undefined => outputs.find((one) => one.name === name);
  const heatmap = named("heatmap");
  if (heatmap && named("size") && named("offset")) {
    const why = `outputs "heatmap" ${shapeText(heatmap)}, "size" and "offset"`;
    return { kind: "centre", why, classes: numberOr(heatmap.shape[1]) };
  }
  const [first] = outputs;
  if (first === undefined) return null;
  const text = `output "${first.name}" ${shapeText(first)}`;
  if (first.shape.length === 2) {
    const classes = numberOr(first.shape[1]);
    return { kind: "classify", why: `${text}: one row of scores a tile`, classes };
  }
  if (first.shape.length === 4) {
    const classes = numberOr(first.shape[file.opsets.has("tfjs") ? 3 : 1]);
    return { kind: "segment", why: `${text}: scores for every cell of a grid`, classes };
  }
  if (first.shape.length !== 3) return null;
  return guessAnchors(first, text, input, names?.length ?? null, file.metadata.get("task"));
};

const guessAnchors = (
  { shape }: OnnxValue,
  text: string,
  input: InputGuess | null,
  classes: number | null,
  task: string | undefined,
): HeadGuess | null => {
  const [rows, columns] = [numberOr(shape[1]), numberOr(shape[2])];
  if (rows === null || columns === null) return null;
  const cells = input?.width && input.height ? cellsAt(input.width, input.height) : null;
  const says = (count: number, other: number): boolean => classes === null || count - other === classes;
  if (task === "obb" && rows < columns) {
    return {
      kind: "yolo-obb",
      why: `${text}: v8 or v11, oriented: 5 + ${rows - 5} values`,
      classes: rows - 5,
    };
  }
  if (rows < columns && says(rows, 4)) {
    return { kind: "yolo", why: `${text}: v8 or v11, 4 + ${rows - 4} values an anchor`, classes: rows - 4 };
  }
  if (cells !== null && rows === cells && says(columns, 5)) {
    const why = `${text}: ${cells} is a cell each of the grids of stride 8, 16 and 32; 5 + ${columns - 5} values a cell`;
    return { kind: "yolox", why, classes: columns - 5 };
  }
  if (says(columns, 5) && (cells === null || rows === 3 * cells)) {
    return { kind: "yolo", why: `${text}: v5, 5 + ${columns - 5} values an anchor`, classes: columns - 5 };
  }
  if (says(columns, 4)) {
    const why = `${text}: v8 transposed, 4 + ${columns - 4} values an anchor`;
    return { kind: "yolo", why, classes: columns - 4 };
  }
  return null;
};
