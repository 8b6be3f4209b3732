import type { ProductRecord } from "../../pipeline/mission/ledger.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import { productKinds, type ProductKind } from "../../pipeline/product/product.ts";
import { bytes, instant, seconds } from "../../pipeline/units.ts";
import { NumberRows, type NumberRowsSnapshot } from "./number-rows.ts";

type Fate = ProductRecord["fate"];

const fates: readonly Fate[] = ["delivered", "on-board", "store-full", "handed-over"];

/** Numbers that a product takes, and where each stands: in this order they are entered. */
const width = 10;
const place = {
  kind: 0,
  acquisition: 1,
  tile: 2,
  readyAt: 3,
  value: 4,
  workAt: 5,
  size: 6,
  fate: 7,
  origin: 8,
  askedAt: 9,
} as const;

/** The products of one satellite by number, which count from 0. Each stays in the books to the end. */
export class ProductBook {
  /** Their names are those of the satellites that products came from. */
  readonly #rows = new NumberRows(width);

  snapshot(): NumberRowsSnapshot {
    return this.#rows.snapshot();
  }

  restore(snapshot: NumberRowsSnapshot): void {
    this.#rows.restore(snapshot);
  }

  /** How many there are: the number of the next. */
  get count(): number {
    return this.#rows.count;
  }

  /** Enters a product; its number is `count`. */
  add({
    kind,
    acquisition,
    tile,
    readyAt,
    value,
    workAt,
    size,
    origin,
    askedAt,
  }: Omit<ProductRecord, "number" | "fate" | "digest">): number {
    return this.#rows.add([
      productKinds.indexOf(kind),
      acquisition,
      tile ?? -1,
      readyAt,
      value,
      workAt,
      size,
      fates.indexOf("on-board"),
      origin === null ? -1 : this.#rows.placeOf(origin),
      askedAt ?? Number.NaN,
    ]);
  }

  /** Takes the last one out. */
  removeLast(): void {
    this.#rows.removeLast();
  }

  /** What kind of product a number stands for. */
  kindOf(number: number): ProductKind {
    return productKinds[this.#read(number, place.kind)] as ProductKind;
  }

  /** What the run calls it. */
  nameOf(number: number): ProductName {
    const tile = this.#read(number, place.tile);
    const acquisition = this.#read(number, place.acquisition);
    return { acquisition, kind: this.kindOf(number), tile: tile < 0 ? null : tile };
  }

  setFate(number: number, fate: Fate): void {
    this.#rows.set(number, place.fate, fates.indexOf(fate));
  }

  /** One record. */
  recordOf(number: number): ProductRecord {
    const { acquisition, kind, tile } = this.nameOf(number);
    const origin = this.#read(number, place.origin);
    const askedAt = this.#read(number, place.askedAt);
    return {
      number,
      kind,
      acquisition,
      tile,
      readyAt: instant(this.#read(number, place.readyAt)),
      value: this.#read(number, place.value),
      workAt: seconds(this.#read(number, place.workAt)),
      size: bytes(this.#read(number, place.size)),
      fate: fates[this.#read(number, place.fate)] as Fate,
      origin: origin < 0 ? null : this.#rows.nameAt(origin),
      ...(Number.isNaN(askedAt) ? {} : { askedAt: instant(askedAt) }),
    };
  }

  #read(number: number, field: number): number {
    return this.#rows.get(number, field);
  }
}
