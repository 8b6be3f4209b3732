import type { Bytes } from "../units.ts";
import type { OrderField, ValueOf } from "./order-field.ts";

/** The fields of a body, in the order in which they go up: new ones go to the end. Keys are camel case; files write them with hyphens. */
export type FieldTable = Readonly<Record<string, OrderField<unknown>>>;

/** What a table of fields holds. */
export type BodyOf<Fields extends FieldTable> = { readonly [Key in keyof Fields]: ValueOf<Fields[Key]> };

/** One kind of order: its body as a table of fields. `registry.ts` lists them. */
export interface OrderKind<Kind extends string = string, Fields extends FieldTable = FieldTable> {
  /** Kebab case: in files, ledgers and summaries. */
  readonly kind: Kind;
  /** For people: what it tells a satellite. */
  readonly meaning: string;
  readonly fields: Fields;
  /** How people ask for it; absent: nobody does, it goes up by itself. */
  readonly asked?: {
    /** What each field is, for its option: a phrase in lower case. */
    readonly words: { readonly [Key in keyof Fields]: string };
    /** What stands behind `swath command` for an order that can be given. */
    readonly example: string;
  };
  /** Bytes that go up behind the order itself, coding included; absent: none. */
  upload?(body: BodyOf<Fields>): Bytes;
}

/** For the registry: keeps the names as types. */
export const orderKind = <const Kind extends string, Fields extends FieldTable>(
  kind: OrderKind<Kind, Fields>,
): OrderKind<Kind, Fields> => kind;

/** As a field is written in files and options: `minScore` is `min-score`. */
export const fieldName = (key: string): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
