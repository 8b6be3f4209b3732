/**
 * What a satellite sends down of what it sees: one policy with its settings, as the plan of a run has it. What it does on board
 * is known there alone (`operators/policies/`); here is all that the ground and the referee need.
 */
export interface Policy {
  /** In the registry of policies: `compress`. */
  readonly name: string;
  /**
   * What this use of it is called in names of runs, folders and tables: the name, and settings that are not the usual ones,
   * `compress-quality-50`. Letters, digits, `-` and `_`.
   */
  readonly label: string;
  /** Where the model runs. */
  readonly where: "board" | "ground";
  /** Tiles are screened for cloud, by a model where the run has one. */
  readonly screens: boolean;
  /** By names that carry the unit: `marginPx`. */
  readonly settings: Readonly<Record<string, number | string>>;
}

/** Whether the model runs on board; it runs on the ground otherwise. */
export const detectsOnBoard = ({ where }: Pick<Policy, "where">): boolean => where === "board";
