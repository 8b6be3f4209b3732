import type { Quantity } from "../../pipeline/units.ts";

/** Where a figure is from: somebody published it, or we assume it. */
export type FigureOrigin = "published" | "assumed";

/** One figure of a preset. */
export interface Figure<
  Value extends number | string | null = number | string | null,
  Unit extends string = string,
> {
  readonly value: Value;
  /** As the type of the quantity has it; empty for shares, counts and words. */
  readonly unit: Unit;
  readonly kind: FigureOrigin;
  /** Published: who and where. Assumed: why this and not another. */
  readonly source: string;
}

/** A figure that somebody published, or that follows from such by the arithmetic that the source states. */
export const published = <const Value extends number | string | null, const Unit extends string>(
  value: Value,
  unit: Unit,
  source: string,
): Figure<Value, Unit> => ({ value, unit, kind: "published", source });

/** A figure of our own, and the reason. */
export const assumed = <const Value extends number | string | null, const Unit extends string>(
  value: Value,
  unit: Unit,
  reason: string,
): Figure<Value, Unit> => ({ value, unit, kind: "assumed", source: reason });

/**
 * A value whose numbers are figures. Units are checked by the compiler: where a quantity is in watts, the figure's unit must
 * be `"W"`. Words (names, kinds) may be figures or stand alone; what is left out (`null`) is a figure, for it has a reason.
 */
export type Sheet<T> =
  T extends Quantity<infer Unit>
    ? Figure<number, Unit>
    : T extends number
      ? Figure<number>
      : T extends string
        ? T | Figure<T, "">
        : T extends null
          ? Figure<null, "">
          : T extends readonly (infer Item)[]
            ? readonly Sheet<Item>[]
            : { readonly [Key in keyof T]: Sheet<T[Key]> };

const isFigure = (sheet: object): sheet is Figure => "source" in sheet && "kind" in sheet && "value" in sheet;

/** The values alone, in the shape of the sheet. */
export const valuesOf = (sheet: unknown): unknown => {
  if (typeof sheet !== "object" || sheet === null) return sheet;
  if (isFigure(sheet)) return sheet.value;
  if (Array.isArray(sheet)) return sheet.map(valuesOf);
  return Object.fromEntries(Object.entries(sheet).map(([key, part]) => [key, valuesOf(part)]));
};

/** A figure and where it stands: `power.battery.capacity`, `heat.nodes.0.area`. */
export interface PlacedFigure extends Figure {
  readonly path: string;
}

/** All figures of a sheet in its order. */
export const figuresOf = (sheet: unknown, path = ""): readonly PlacedFigure[] => {
  if (typeof sheet !== "object" || sheet === null) return [];
  if (isFigure(sheet)) return [{ path, ...sheet }];
  return Object.entries(sheet).flatMap(([key, part]) =>
    figuresOf(part, path === "" ? key : `${path}.${key}`),
  );
};
