import { appendFileSync } from "node:fs";

/** What a figure must reach: the value itself, or where `on` says so, its ratio to what stands beside it. */
export interface Bar {
  readonly on?: "value" | "ratio";
  readonly least?: number;
  readonly most?: number;
}

/** One figure of a bench, as `npm run bench` puts it into its table. */
export interface Figure {
  /** What was measured, on which data. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What a user would pick instead, measured in the same run or published; its value is in the same unit. */
  readonly beside?: { readonly what: string; readonly value: number };
  readonly bar?: Bar;
}

/** File that figures are added to, a line of JSON each; set by `npm run bench`. */
export const figuresFile = "SWATH_FIGURES";

/** Times what stands beside it; `null` where nothing does. */
export const ratioOf = ({ value, beside }: Figure): number | null =>
  beside === undefined ? null : value / beside.value;

/** Whether the bar is held; `null` without one. Throws `RangeError` for a bar on a ratio where nothing stands beside. */
export const isHeld = (figure: Figure): boolean | null => {
  const { bar } = figure;
  if (bar === undefined) return null;
  const got = bar.on === "ratio" ? ratioOf(figure) : figure.value;
  if (got === null) throw new RangeError(`${figure.what}: a bar on a ratio, and nothing beside it`);
  return got >= (bar.least ?? -Infinity) && got <= (bar.most ?? Infinity);
};

/** `1,234`, `12.3`, `0.052`: three digits that count, more where they stand before the point. */
export const shownNumber = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : value.toLocaleString("en", { maximumSignificantDigits: 3 });

/** `≥ 0.8 ×`, of a bar. */
export const shownBar = ({ on, least, most }: Bar, unit: string): string => {
  const of = on === "ratio" ? "×" : unit;
  return [
    ...(least === undefined ? [] : [`≥ ${shownNumber(least)} ${of}`]),
    ...(most === undefined ? [] : [`≤ ${shownNumber(most)} ${of}`]),
  ].join(", ");
};

const lineOf = (figure: Figure): string => {
  const { what, value, unit, beside, bar } = figure;
  const ratio = ratioOf(figure);
  const parts = [
    `${what}: ${shownNumber(value)} ${unit}`,
    ...(beside === undefined || ratio === null
      ? []
      : [`${shownNumber(ratio)} × ${beside.what} (${shownNumber(beside.value)} ${unit})`]),
    ...(bar === undefined ? [] : [`bar ${shownBar(bar, unit)}: ${isHeld(figure) ? "held" : "MISSED"}`]),
  ];
  return parts.join("; ");
};

/** Prints figures, hands them to `npm run bench` where it asked for them, and lets the process fail where a bar is missed. */
export const reportFigures = (figures: readonly Figure[]): void => {
  const file = process.env[figuresFile];
  for (const figure of figures) {
    console.log(lineOf(figure));
    if (isHeld(figure) === false) process.exitCode = 1;
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(figure)}\n`);
  }
};
