import type { PolicyRecord } from "./policy-record.ts";

/** The model that a satellite works with. */
export interface ModelAt {
  readonly model: string;
  readonly digest: string;
  /** Seconds from the start. */
  readonly since: number;
  /** `launched`, `promoted`, `rolled back`, … */
  readonly why: string;
}

/** The model of a satellite at `t`, and those before it, the latest first; empty where models stay as they were launched. */
export const modelsAt = (
  { tables, texts }: Pick<PolicyRecord, "tables" | "texts">,
  satellite: number,
  t: number,
): readonly ModelAt[] => {
  const { at_s, satellite: whose, model, digest, why } = tables.models.columns;
  const found: ModelAt[] = [];
  for (let row = 0; row < tables.models.rows && (at_s[row] as number) <= t; row++) {
    if (whose[row] !== satellite) continue;
    const text = (column: ArrayLike<number>): string => texts[column[row] as number] ?? "";
    found.push({ model: text(model), digest: text(digest), since: at_s[row] as number, why: text(why) });
  }
  return found.toReversed();
};
