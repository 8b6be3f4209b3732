import { SwathError } from "../../pipeline/errors.ts";
import { parseMoment } from "../../pipeline/quantity.ts";
import type { Journal } from "./journal.ts";

/** A cursor as clients have it: the journal's name and the number of the last detection that they have dealt with. */
export const formatPosition = ({ id }: Pick<Journal, "id">, seq: number): string => `${id}-${seq}`;

const whole = /^\d{1,15}$/;

/**
 * Reads a cursor, or the bare number of a detection. Throws `SwathError("config")` for that of another journal, and for one that lies
 * ahead of everything.
 */
export const parsePosition = (
  { id, head }: Pick<Journal, "id" | "head">,
  text: string,
  what = "cursor",
): number => {
  const [name, number] = whole.test(text) ? [id, text] : text.split("-");
  const refuse = (wanted: string, got: string): never => {
    throw new SwathError("config", {
      what,
      wanted,
      got,
      hint: "start with from=start, from=now or a time",
      field: "cursor",
    });
  };
  if (name === undefined || number === undefined || !whole.test(number))
    return refuse(`${id}-<number>, as the id of a detection's event`, `"${text.slice(0, 80)}"`);
  if (name !== id) return refuse(`one of this server, ${id}-<number>`, `"${text}", of another server`);
  if (Number(number) > head)
    return refuse(`at most ${id}-${head}`, `"${text}", which nothing has reached yet`);
  return Number(number);
};

/** Where a subscriber begins: behind a number, and with what was received from a moment on. */
export interface Start {
  readonly after: number;
  /** Mission time, milliseconds since 1970. */
  readonly sinceMs: number | null;
}

/** Reads `start`, `now`, a time of ISO 8601, a cursor or a number. Throws `SwathError("config")`. */
export const parseStart = (journal: Pick<Journal, "id" | "head">, text: string, what = "from"): Start => {
  if (text === "start") return { after: 0, sinceMs: null };
  if (text === "now") return { after: journal.head, sinceMs: null };
  if (/^\d{4}-\d\d-\d\d/.test(text)) return { after: 0, sinceMs: parseMoment(what, text) * 1000 };
  if (whole.test(text) || text.startsWith("j"))
    return { after: parsePosition(journal, text, what), sinceMs: null };
  throw new SwathError("config", {
    what,
    wanted: "start, now, a time such as 2026-01-01T00:00:00Z, a number or a cursor",
    got: `"${text.slice(0, 80)}"`,
    field: "from",
  });
};
