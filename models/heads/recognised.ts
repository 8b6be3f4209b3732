import { SwathError } from "../../pipeline/errors.ts";
import { type Evidence, shapesText } from "./evidence.ts";

/** A head as a card would write it, what it leaves out as the schema has it. */
export interface Recognised {
  /** In the registry of heads. */
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Why, in a phrase. */
  readonly why: string;
  /** Classes that the outputs speak of, a background among them; `null` where they do not tell. */
  readonly classes: number | null;
}

/** A head that fits no output for certain: the shapes, and what may be said. */
export const notCertain = ({ outputs, where }: Evidence, wanted: string, hint?: string): SwathError =>
  new SwathError("model", {
    what: `no head fits ${where} for certain`,
    wanted,
    got: shapesText(outputs),
    hint: hint ?? "--head (or head.kind on a card) says which",
  });
