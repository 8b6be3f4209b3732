import { isSwathError } from "../errors.ts";
import { parseDuration, parseMoment, parseWhole } from "../quantity.ts";
import { formatInstant, instant, type Instant } from "../units.ts";
import { idPattern, lastPriority, signaturePattern, usualPriority, usualTenant } from "./order-bounds.ts";
import type { RefusedOrder } from "./order-answer.ts";
import { fieldName } from "./order-kind.ts";
import { fieldsOf, orderKindNames, type Order } from "./order.ts";

/** What a file of orders comes to: each entry is read by itself, and refused by itself. */
export interface ReadOrders {
  readonly orders: readonly Order[];
  readonly refused: readonly RefusedOrder[];
}

/** A refusal on its way out of one entry. */
class Refuse extends Error {
  readonly field: string;
  readonly wanted: string;
  readonly got: string;

  constructor(field: string, wanted: string, got: string) {
    super(field);
    this.field = field;
    this.wanted = wanted;
    this.got = got;
  }
}

const headKeys = ["id", "kind", "tenant", "to", "at", "deadline", "priority", "signature"];

/** At most so many orders in a file. */
const mostOrders = 1_000_000;

const shown = (value: unknown): string =>
  value === undefined ? "none" : (JSON.stringify(value)?.slice(0, 80) ?? "no value");

/** A value of a file as an option would have it; lists with commas. Throws `Refuse` for mappings and what is missing. */
const textOf = (entry: Readonly<Record<string, unknown>>, key: string, wanted: string): string => {
  const value = entry[key];
  const isPlain = (one: unknown): boolean => ["string", "number", "boolean"].includes(typeof one);
  if (isPlain(value)) return String(value);
  if (Array.isArray(value) && value.length <= 64 && value.every(isPlain)) return value.map(String).join(",");
  throw new Refuse(key, wanted, shown(value));
};

const toMillisecond = (t: number): Instant => instant(Math.round(t * 1000) / 1000);

/** A moment, or a duration counted from `from`; `0` is `from` itself. */
const readMoment = (key: string, text: string, from: Instant): Instant => {
  if (/^0(s|min|h|d)?$/.test(text)) return from;
  if (/^[\d.]+\s*(s|min|h|d)$/.test(text)) return toMillisecond(from + parseDuration(key, text));
  return toMillisecond(parseMoment(key, text));
};

const readName = (key: string, text: string): string => {
  if (idPattern.test(text)) return text;
  throw new Refuse(key, "1 to 64 letters, digits, - and _", JSON.stringify(text.slice(0, 80)));
};

const readBody = (
  kind: string,
  entry: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const fields = fieldsOf(kind) ?? {};
  const names = Object.keys(fields).map(fieldName);
  const unknown = Object.keys(entry).find((key) => !headKeys.includes(key) && !names.includes(key));
  if (unknown !== undefined)
    throw new Refuse(unknown.slice(0, 80), `one of ${[...headKeys, ...names].join(", ")}`, "another field");
  const read = Object.entries(fields).map(([key, field]): [string, unknown] => {
    const name = fieldName(key);
    if (entry[name] === undefined && field.absent !== undefined) return [key, field.absent];
    return [key, field.read(textOf(entry, name, `${name} of a ${kind}`), name)];
  });
  return Object.fromEntries(read);
};

const readOne = (entry: Readonly<Record<string, unknown>>, start: Instant): Order => {
  const text = (key: string, wanted: string, initial?: string): string =>
    entry[key] === undefined && initial !== undefined ? initial : textOf(entry, key, wanted);
  const id = readName("id", text("id", "a name that no other order has"));
  const kind = text("kind", `one of ${orderKindNames.join(", ")}`);
  if (fieldsOf(kind) === null)
    throw new Refuse("kind", `one of ${orderKindNames.join(", ")}`, JSON.stringify(kind.slice(0, 80)));
  const issuedAt = readMoment("at", text("at", "a time in UTC, or a duration from the start", "0s"), start);
  const deadline = readMoment(
    "deadline",
    text("deadline", "a time in UTC, or a duration such as 6h"),
    issuedAt,
  );
  if (issuedAt < start)
    throw new Refuse(
      "at",
      `not before the mission, which starts ${formatInstant(start)}`,
      formatInstant(issuedAt),
    );
  if (deadline <= issuedAt)
    throw new Refuse("deadline", `after ${formatInstant(issuedAt)}`, formatInstant(deadline));
  const to = text("to", "a satellite", "");
  const signature = text("signature", "a signature", "");
  if (signature !== "" && !signaturePattern.test(signature))
    throw new Refuse(
      "signature",
      "SIGNER:CODE as swath command writes it",
      JSON.stringify(signature.slice(0, 80)),
    );
  return {
    id,
    tenant: readName("tenant", text("tenant", "a name", usualTenant)),
    to: to === "" ? null : to.slice(0, 128),
    issuedAt,
    deadline,
    priority: parseWhole("priority", text("priority", "1 to 9", `${usualPriority}`), 1, lastPriority),
    signature: signature === "" ? null : signature,
    kind,
    body: readBody(kind, entry),
  } as Order;
};

const refusalOf = (error: unknown): Omit<RefusedOrder, "id"> => {
  if (error instanceof Refuse) return { field: error.field, wanted: error.wanted, got: error.got };
  if (isSwathError(error))
    return {
      field: error.parts.field ?? error.parts.what,
      wanted: error.parts.wanted ?? "another value",
      got: error.parts.got ?? "this",
    };
  throw error;
};

/**
 * Orders from the value of a file: a list, or a mapping whose `orders` is one. Times without a date count from `start`, the mission's;
 * deadlines that are durations count from `at`. An entry that does not fit is refused alone, as is the second of an id.
 */
export const readOrders = (value: unknown, start: Instant): ReadOrders => {
  const isMapping = (one: unknown): one is Readonly<Record<string, unknown>> =>
    one !== null && typeof one === "object" && !Array.isArray(one);
  const list = isMapping(value) ? value["orders"] : value;
  if (!Array.isArray(list) || list.length > mostOrders) {
    const got = Array.isArray(list) ? `${list.length} of them` : shown(list);
    return { orders: [], refused: [{ id: null, field: "orders", wanted: "a list of orders", got }] };
  }
  const orders = new Map<string, Order>();
  const refused: RefusedOrder[] = [];
  list.forEach((entry: unknown, at) => {
    if (!isMapping(entry)) {
      refused.push({
        id: null,
        field: `orders[${at}]`,
        wanted: "a mapping with id, kind and deadline",
        got: shown(entry),
      });
      return;
    }
    const named = entry["id"];
    const id = typeof named === "string" || typeof named === "number" ? String(named).slice(0, 80) : null;
    try {
      const order = readOne(entry, start);
      if (orders.has(order.id)) throw new Refuse("id", "one that no other order has", `"${order.id}" twice`);
      orders.set(order.id, order);
    } catch (error) {
      refused.push({ id, ...refusalOf(error) });
    }
  });
  return { orders: [...orders.values()], refused };
};

/** An order as a file has it: what `readOrders` reads back as the same. */
export const orderEntry = (order: Order): Readonly<Record<string, string | number>> => {
  const body: Readonly<Record<string, unknown>> = order.body;
  const fields = Object.entries(fieldsOf(order.kind) ?? {}).flatMap(([key, field]): [string, string][] => {
    const text = field.text(body[key]);
    return text === "" ? [] : [[fieldName(key), text]];
  });
  return {
    id: order.id,
    kind: order.kind,
    ...Object.fromEntries(fields),
    tenant: order.tenant,
    ...(order.to === null ? {} : { to: order.to }),
    at: formatInstant(order.issuedAt),
    deadline: formatInstant(order.deadline),
    priority: order.priority,
    ...(order.signature === null ? {} : { signature: order.signature }),
  };
};
