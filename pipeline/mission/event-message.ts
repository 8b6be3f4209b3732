import { z } from "zod";
import type { AnyRow, TableShape } from "../column-file.ts";
import {
  corruptMessage,
  longestMessage,
  type MessageFormat,
  openMessage,
  readJson,
  readText,
  requireEmpty,
  sealMessage,
} from "../message.ts";
import { type ProductKind, productKinds } from "../product/product.ts";
import type { Instant } from "../units.ts";
import { instant } from "../units.ts";
import type { ProductName } from "./flight-log.ts";
import { type MissionHead, parseMissionHead } from "./mission-head.ts";
import { eventTables } from "./mission-tables.ts";

/** A row of the mission record (`mission-tables.ts`) as a node tells it: its product, where it speaks of one, is still a name. */
export interface ToldRow {
  readonly table: keyof typeof eventTables;
  readonly row: AnyRow;
  /** Absent: the table has none; `null`: the row means none. */
  readonly product?: ProductName | null;
}

/** Charge (0 to 1) and temperature (kelvin) at a full minute of the horizon. */
export type ToldSample = readonly [minute: number, charge: number, temperature: number];

/**
 * What a node says for people who watch, on subject `event`; nothing of it is a result. A satellite tells what happens to it (`told`); mission
 * control says the mission record itself: its files, then the head that names them.
 */
export type EventMessage =
  | {
      readonly kind: "told";
      /** Which start of its process tells it: one that is killed tells all again. */
      readonly life: string;
      readonly rows: readonly ToldRow[];
      readonly samples: readonly ToldSample[];
      /** Whatever happened before it has been told, here or earlier. */
      readonly through: Instant;
    }
  | {
      readonly kind: "file";
      /** Relative to the record's folder. */
      readonly path: string;
      readonly content: Uint8Array;
    }
  | { readonly kind: "head"; readonly head: MissionHead }
  /** The record's writer is at work, and nothing has changed. */
  | { readonly kind: "alive" };

const format: MessageFormat<EventMessage["kind"]> = {
  subject: "event",
  letter: "E",
  version: 1,
  kinds: ["told", "file", "head", "alive"],
  bound: longestMessage,
  failure: "bus",
};

const tableNames = Object.keys(eventTables) as [keyof typeof eventTables];
const shapeOf = (table: keyof typeof eventTables): TableShape => eventTables[table];

/** Columns of a table but for its product, in the order in which their values travel. */
const columnsOf = (table: keyof typeof eventTables): readonly string[] =>
  Object.keys(shapeOf(table)).filter((name) => name !== "product");

const productSchema = z.tuple([
  z.int().min(0),
  z.enum(productKinds as [ProductKind, ...ProductKind[]]),
  z.int().min(0).nullable(),
]);

const toldSchema = z.object({
  life: z.string().max(64),
  // NaN is `null`: JSON knows no other.
  rows: z.array(
    z.tuple([
      z.enum(tableNames),
      z.array(z.union([z.number(), z.string().max(1000), z.null()])).max(32),
      productSchema.nullable(),
    ]),
  ),
  samples: z.array(z.tuple([z.int().min(0), z.number(), z.number()])),
  through: z.number().transform(instant),
});

const bodyOf = ({ life, rows, samples, through }: Extract<EventMessage, { kind: "told" }>): string =>
  JSON.stringify({
    life,
    rows: rows.map(({ table, row, product }) => [
      table,
      columnsOf(table).map((name) => row[name]),
      product ? [product.acquisition, product.kind, product.tile] : null,
    ]),
    samples,
    through,
  });

const readRow = ([table, values, product]: z.infer<typeof toldSchema>["rows"][number]): ToldRow => {
  const columns = columnsOf(table);
  const shape = shapeOf(table);
  const row = Object.fromEntries(
    columns.map((name, at): [string, string | number] => {
      const value = values[at] === null ? Number.NaN : values[at];
      const isText = shape[name] === "text";
      if (value === undefined || (typeof value === "string") !== isText)
        throw corruptMessage(
          format,
          "told",
          `${shape[name] ?? ""} for ${name} of ${table}`,
          `${typeof value}`,
        );
      return [name, value];
    }),
  );
  if (values.length !== columns.length)
    throw corruptMessage(format, "told", `${columns.length} values of ${table}`, `${values.length}`);
  if (!Object.hasOwn(shape, "product")) return { table, row };
  const [acquisition, kind, tile] = product ?? [];
  return acquisition === undefined || kind === undefined
    ? { table, row, product: null }
    : { table, row, product: { acquisition, kind, tile: tile ?? null } };
};

/** Throws `SwathError("bus")` beyond the bound. */
export const encodeEventMessage = (message: EventMessage): Uint8Array => {
  const { kind } = message;
  if (kind === "told") return sealMessage(format, kind, Buffer.from(bodyOf(message)));
  if (kind === "head") return sealMessage(format, kind, Buffer.from(JSON.stringify(message.head)));
  if (kind === "alive") return sealMessage(format, kind);
  const path = Buffer.from(message.path);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(path.length);
  return sealMessage(format, kind, length, path, message.content);
};

/** Longest path of a file, bytes. */
const longestPath = 4096;

const readFile = (body: Uint8Array): Extract<EventMessage, { kind: "file" }> => {
  const length = body.length < 4 ? Infinity : Buffer.from(body).readUInt32LE(0);
  if (length > Math.min(longestPath, body.length - 4))
    throw corruptMessage(format, "file", "a path within the message", `${length} bytes of ${body.length}`);
  const path = readText(format, "file", body.subarray(4, 4 + length));
  return { kind: "file", path, content: body.subarray(4 + length) };
};

const anyHead = z.record(z.string(), z.unknown());

/** Throws `SwathError("bus")` for a message that this release does not read, "storage" for a head of another record. */
export const decodeEventMessage = (message: Uint8Array): EventMessage => {
  const { kind, body } = openMessage(format, message);
  if (kind === "told") {
    const { rows, ...rest } = readJson(format, kind, toldSchema, body);
    return { kind, ...rest, rows: rows.map(readRow) };
  }
  if (kind === "head")
    return { kind, head: parseMissionHead(readJson(format, kind, anyHead, body), "the head that was heard") };
  if (kind === "file") return readFile(body);
  requireEmpty(format, kind, body);
  return { kind };
};
