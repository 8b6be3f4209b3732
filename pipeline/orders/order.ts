import { bytes, type Bytes, type Instant } from "../units.ts";
import type { BodyOf, FieldTable, OrderKind } from "./order-kind.ts";
import { orderKinds } from "./registry.ts";

/** What every order says, whatever it tells a satellite to do. */
export interface OrderHead {
  /** `[A-Za-z0-9_-]{1,64}`; no two orders of a mission share one. */
  readonly id: string;
  /** Who asks, and pays: a name like an id. */
  readonly tenant: string;
  /** The satellite that it is for; `null`: the mission centre chooses. */
  readonly to: string | null;
  /** To the millisecond. Nobody knows of the order before. */
  readonly issuedAt: Instant;
  /** To the millisecond; what is not done by then is not done. */
  readonly deadline: Instant;
  /** 1 goes first, 9 last. */
  readonly priority: number;
  /** `signer:code`, the code in base64url, over `signedBytes`; `null` without keys. */
  readonly signature: string | null;
}

type OrderOf<Kind> =
  Kind extends OrderKind<infer Name, infer Fields>
    ? OrderHead & { readonly kind: Name; readonly body: BodyOf<Fields> }
    : never;

/** What a satellite is told to do. A tagged union: `order.kind` says what `order.body` is. */
export type Order = OrderOf<(typeof orderKinds)[number]>;

/** The tag of an order. */
export type OrderKindName = Order["kind"];

/** The order of one kind. */
export type OrderNamed<Kind extends OrderKindName> = Extract<Order, { readonly kind: Kind }>;

const byName = new Map<string, OrderKind>(orderKinds.map((kind) => [kind.kind, kind]));

/** All kinds of orders, by their numbers on the uplink. */
export const orderKindNames: readonly OrderKindName[] = orderKinds.map(({ kind }) => kind);

/** The fields of a kind; `null` for one that is not known. */
export const fieldsOf = (kind: string): FieldTable | null => byName.get(kind)?.fields ?? null;

/** What a kind tells a satellite, for people. */
export const meaningOf = (kind: OrderKindName): string => byName.get(kind)?.meaning ?? kind;

/** What goes up behind an order, such as a model: bytes, coding included. */
export const uploadOf = ({ kind, body }: Order): Bytes => byName.get(kind)?.upload?.(body) ?? bytes(0);

/** First by priority, then by age, then by name: the order in which orders go up and are worked on. */
export const byUrgency = (a: OrderHead, b: OrderHead): number =>
  a.priority - b.priority || a.issuedAt - b.issuedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
