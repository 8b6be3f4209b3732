import type { ProductRecord } from "../../pipeline/mission/ledger.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import { productKinds, type ProductKind } from "../../pipeline/product/product.ts";
import { bytes, instant, seconds } from "../../pipeline/units.ts";

type Fate = ProductRecord["fate"];

const fates: readonly Fate[] = ["delivered", "on-board", "store-full", "handed-over"];

/** Numbers that a product takes, and where each stands. */
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

const firstRoom = 16;

/** All products of a satellite: ten numbers each, and the satellites that they came from. */
export interface ProductBookSnapshot {
  readonly rows: Float64Array;
  readonly origins: readonly string[];
}

/**
 * The products of one satellite by number, which count from 0. Numbers in one array and no objects: a constellation makes millions
 * of them, and each stays in the books to the end.
 */
export class ProductBook {
  #rows = new Float64Array(firstRoom * width);
  #count = 0;
  #origins: string[] = [];

  snapshot(): ProductBookSnapshot {
    return { rows: this.#rows.subarray(0, this.#count * width), origins: this.#origins };
  }

  restore({ rows, origins }: ProductBookSnapshot): void {
    this.#rows = new Float64Array(Math.max(rows.length, firstRoom * width));
    this.#rows.set(rows);
    this.#count = rows.length / width;
    this.#origins = [...origins];
  }

  /** How many there are: the number of the next. */
  get count(): number {
    return this.#count;
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
    const number = this.#count++;
    const at = number * width;
    if (at === this.#rows.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    const rows = this.#rows;
    rows[at + place.kind] = productKinds.indexOf(kind);
    rows[at + place.acquisition] = acquisition;
    rows[at + place.tile] = tile ?? -1;
    rows[at + place.readyAt] = readyAt;
    rows[at + place.value] = value;
    rows[at + place.workAt] = workAt;
    rows[at + place.size] = size;
    rows[at + place.fate] = fates.indexOf("on-board");
    rows[at + place.origin] = origin === null ? -1 : this.#placeOfOrigin(origin);
    rows[at + place.askedAt] = askedAt ?? Number.NaN;
    return number;
  }

  /** Takes the last one out. */
  removeLast(): void {
    this.#count--;
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
    this.#rows[number * width + place.fate] = fates.indexOf(fate);
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
      origin: origin < 0 ? null : (this.#origins[origin] as string),
      ...(Number.isNaN(askedAt) ? {} : { askedAt: instant(askedAt) }),
    };
  }

  #read(number: number, field: number): number {
    return this.#rows[number * width + field] as number;
  }

  #placeOfOrigin(origin: string): number {
    const known = this.#origins.lastIndexOf(origin);
    return known < 0 ? this.#origins.push(origin) - 1 : known;
  }
}
