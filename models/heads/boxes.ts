import type { BoxPx } from "../../pipeline/detection/box.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { SizePx } from "./head.ts";

/** How four numbers are a box: its corners, or its centre and sides. */
export type BoxForm = "xyxy" | "cxcywh";
/** What they are counted in: pixels of the input, or shares of its sides. */
export type BoxUnit = "pixels" | "normalised";

/** A box as a network gives it. Its form says what the numbers mean. */
export type FourNumbers = readonly [number, number, number, number];

/** A box in pixels of the input. */
export const boxOf = (
  [a, b, c, d]: FourNumbers,
  form: BoxForm,
  unit: BoxUnit,
  { width, height }: SizePx,
): BoxPx => {
  const [sx, sy] = unit === "pixels" ? [1, 1] : [width, height];
  return form === "xyxy"
    ? { x0: a * sx, y0: b * sy, x1: c * sx, y1: d * sy }
    : { x0: (a - c / 2) * sx, y0: (b - d / 2) * sy, x1: (a + c / 2) * sx, y1: (b + d / 2) * sy };
};

/** What is known of boxes before their values are seen; `auto`: nothing. */
export interface BoxRules {
  readonly form: BoxForm | "auto";
  readonly unit: BoxUnit | "auto";
  /** The form to take where the values allow both; `null`: ask. */
  readonly otherwise: BoxForm | null;
}

/** Further out than this share of a side, a box has little to do with the picture. */
const beyond = 0.25;
/** Of real networks a few boxes are odd. */
const most = 0.97;

/**
 * Tells form and unit by the numbers themselves. Numbers of which none is above 1.5 are shares: in pixels all objects would be
 * smaller than one. Corners have their second point right of and below the first; centres have sides above 0 and boxes that stay
 * near the picture; what breaks one of the rules is the other. Throws `SwathError("model")` where both or neither fit.
 */
export const tellBoxes = (
  boxes: readonly FourNumbers[],
  { form, unit, otherwise }: BoxRules,
  { width, height }: SizePx,
  where: string,
): { readonly form: BoxForm; readonly unit: BoxUnit } => {
  const live = boxes.filter((box) => box.some((n) => n !== 0));
  if (live.length === 0) {
    const guess = form === "auto" ? otherwise : form;
    if (guess === null) throw ambiguous(where, "none: the trial tile shows no box");
    return { form: guess, unit: unit === "auto" ? "pixels" : unit };
  }
  const largest = live.reduce((sum, box) => Math.max(sum, ...box), 0);
  const told = unit === "auto" ? (largest <= 1.5 ? "normalised" : "pixels") : unit;
  if (unit === "pixels" && largest <= 1.5 && Math.min(width, height) >= 8) {
    throw new SwathError("model", {
      what: `boxes of ${where}`,
      wanted: `pixels of an input of ${width} × ${height}`,
      got: `numbers up to ${largest.toPrecision(3)}: shares of the input`,
      hint: 'head.coordinates "normalised" reads them',
    });
  }
  const [w, h] = told === "pixels" ? [width, height] : [1, 1];
  const share = (test: (box: FourNumbers) => boolean): number => live.filter(test).length / live.length;
  const near = (low: number, high: number, side: number) =>
    low >= -beyond * side && high <= (1 + beyond) * side;
  const fits = {
    xyxy: share(([a, b, c, d]) => c >= a && d >= b && near(a, c, w) && near(b, d, h)) >= most,
    cxcywh:
      share(
        ([a, b, c, d]) => c >= 0 && d >= 0 && near(a - c / 2, a + c / 2, w) && near(b - d / 2, b + d / 2, h),
      ) >= most,
  };
  if (form !== "auto") return { form: requireForm(form, fits, live, where), unit: told };
  if (fits.xyxy !== fits.cxcywh) return { form: fits.xyxy ? "xyxy" : "cxcywh", unit: told };
  if (otherwise !== null) return { form: otherwise, unit: told };
  throw ambiguous(where, textOf(live));
};

const textOf = (live: readonly FourNumbers[]): string =>
  live
    .slice(0, 2)
    .map((box) => `[${box.map((n) => Number(n.toPrecision(4))).join(", ")}]`)
    .join(", ");

const ambiguous = (where: string, got: string): SwathError =>
  new SwathError("model", {
    what: `boxes of ${where}`,
    wanted: "corners (xyxy) or centre and sides (cxcywh), told by their values",
    got,
    hint: "say which: --boxes, or head.boxes on the card",
  });

/** A form that was stated and that no box bears out, where the other would, is a slip. */
const requireForm = (
  form: BoxForm,
  fits: Readonly<Record<BoxForm, boolean>>,
  live: readonly FourNumbers[],
  where: string,
): BoxForm => {
  const other = form === "xyxy" ? "cxcywh" : "xyxy";
  if (fits[form] || !fits[other]) return form;
  throw new SwathError("model", {
    what: `boxes of ${where}`,
    wanted: form,
    got: `${textOf(live)}: ${other}`,
    hint: "head.boxes on the card, or --boxes, says how they are written",
  });
};
