import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { nothingMade, type ExpandedOrders } from "../updates/order-updates.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { readOrders, type ReadOrders } from "../../pipeline/orders/order-reading.ts";
import type { Instant } from "../../pipeline/units.ts";

/** Longest file of orders that is read; bytes. */
const longestFile = 256 * 1024 * 1024;

/** The orders of a mission as a file has them. */
export interface OrderFile extends ReadOrders, Pick<ExpandedOrders, "made" | "after"> {
  /** Of the file. */
  readonly sha256: string;
}

/**
 * Reads the orders of a mission that starts at `start` from a YAML or JSON file: each entry by itself, so that one that does not fit costs itself alone.
 * `expand` makes of what people write what goes up.
 * Throws `SwathError("config")` for a file that cannot be read, or holds no list of orders.
 */
export const readOrderFile = async (
  path: string,
  start: Instant,
  expand: (value: unknown) => Promise<ExpandedOrders> = async (value) => ({ value, ...nothingMade }),
): Promise<OrderFile> => {
  const fail = (wanted: string, got: string, cause?: unknown): never => {
    throw new SwathError("config", {
      what: `orders ${path}`,
      wanted,
      got,
      field: "orders",
      ...(cause === undefined ? {} : { cause }),
    });
  };
  let text: Buffer;
  try {
    text = readFileSync(path);
  } catch (cause) {
    return fail("a file that can be read", messageOf(cause), cause);
  }
  if (text.length > longestFile) fail(`at most ${longestFile} bytes`, `${text.length}`);
  let value: unknown;
  try {
    value = parseYaml(text.toString());
  } catch (cause) {
    // The parser goes on to draw the place, over several lines.
    return fail("YAML or JSON", (messageOf(cause).split("\n")[0] ?? "").replace(/:$/, ""), cause);
  }
  const expanded = await expand(value);
  const read = readOrders(expanded.value, start);
  const [first] = read.refused;
  if (read.orders.length === 0 && first?.id === null && first.field === "orders")
    fail(first.wanted, first.got);
  return {
    ...read,
    refused: [...expanded.refused, ...read.refused],
    made: expanded.made,
    after: expanded.after,
    sha256: createHash("sha256").update(text).digest("hex"),
  };
};
