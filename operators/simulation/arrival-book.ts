import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { priorityOf } from "../../pipeline/product/product.ts";
import { instant } from "../../pipeline/units.ts";
import { NumberRows, type NumberRowsSnapshot } from "../flight/number-rows.ts";
import type { CountedArrival } from "./counted-radio.ts";

/** Numbers that an arrival takes: product, station, and its three times. */
const width = 5;

/** What one satellite delivered, in order: numbers alone, since a constellation delivers millions of products. */
export class ArrivalBook {
  /** Their names are those of stations. */
  readonly #rows = new NumberRows(width);

  add({ product, station, firstSentAt, completedAt, atCentre }: CountedArrival): void {
    this.#rows.add([product.number, this.#rows.placeOf(station), firstSentAt, completedAt, atCentre]);
  }

  snapshot(): NumberRowsSnapshot {
    return this.#rows.snapshot();
  }

  restore(snapshot: NumberRowsSnapshot): void {
    this.#rows.restore(snapshot);
  }

  /** The arrivals, their products as the ledger has them. */
  of({ products }: SatelliteLedger): readonly CountedArrival[] {
    return Array.from({ length: this.#rows.count }, (_, row): CountedArrival => {
      const read = (field: number): number => this.#rows.get(row, field);
      const { number, kind, acquisition, tile, readyAt, value, size } = products[
        read(0)
      ] as (typeof products)[number];
      return {
        product: {
          number,
          kind,
          acquisition,
          tile,
          readyAt,
          priority: priorityOf(kind),
          value,
          size,
          slot: null,
        },
        station: this.#rows.nameAt(read(1)),
        firstSentAt: instant(read(2)),
        completedAt: instant(read(3)),
        atCentre: instant(read(4)),
      };
    });
  }
}
