import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { valuesOf, type Sheet } from "./figure.ts";

/** A spacecraft by name, every figure with its source: `--spacecraft oec`. */
export interface SpacecraftPreset {
  /** As `--spacecraft` has it. */
  readonly name: string;
  readonly title: string;
  /** What a reader must know before trusting it; one or two sentences. */
  readonly note: string;
  readonly sheet: Sheet<Omit<Spacecraft, "name" | "agility">>;
}

/** The spacecraft of a preset, as plain data. Its shape is the compiler's doing; a test holds every preset to the schema. */
export const spacecraftOf = ({ name, sheet }: SpacecraftPreset): Spacecraft => ({
  name,
  ...(valuesOf(sheet) as Omit<Spacecraft, "name" | "agility">),
});
