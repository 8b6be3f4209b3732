import { z } from "zod";
import { SwathError } from "../errors.ts";
import type { Instant } from "../units.ts";

/** Why an order is not taken: which field, what was wanted of it, and what it says. */
export interface OrderRefusal {
  readonly field: string;
  readonly wanted: string;
  readonly got: string;
}

/** What a satellite, or the mission centre before it, says of an order. */
export type OrderAnswer =
  /** It stands in the queue on board. */
  | { readonly answer: "accepted"; readonly at: Instant }
  | ({ readonly answer: "refused"; readonly at: Instant } & OrderRefusal)
  | {
      readonly answer: "done";
      readonly at: Instant;
      /** What came of it: acquisitions by their place in the schedule, and a few words. */
      readonly acquisitions?: readonly number[];
      readonly note?: string;
    }
  /** Its deadline passed before it was done. */
  | { readonly answer: "expired"; readonly at: Instant };

/** An order that is refused, wherever that was. */
export interface RefusedOrder extends OrderRefusal {
  /** `null` where not even that could be read. */
  readonly id: string | null;
}

const at = z.number().transform((value) => value as Instant);

/** An answer as JSON. */
export const orderAnswerSchema: z.ZodType<OrderAnswer> = z.discriminatedUnion("answer", [
  z.strictObject({ answer: z.literal("accepted"), at }),
  z.strictObject({
    answer: z.literal("refused"),
    at,
    field: z.string(),
    wanted: z.string(),
    got: z.string(),
  }),
  z.strictObject({
    answer: z.literal("done"),
    at,
    acquisitions: z.array(z.int().min(0)).exactOptional(),
    note: z.string().exactOptional(),
  }),
  z.strictObject({ answer: z.literal("expired"), at }),
]);

/** One line for people. */
export const refusalText = ({ id, field, wanted, got }: RefusedOrder): string =>
  `order ${id ?? "without an id"}: ${field}: wanted ${wanted}, got ${got}`;

/** As an error, for who asked for one order alone. */
export const refusalError = (refused: RefusedOrder): SwathError =>
  new SwathError("config", {
    what: `order ${refused.id ?? "without an id"}: ${refused.field}`,
    wanted: refused.wanted,
    got: refused.got,
    field: refused.field,
  });
