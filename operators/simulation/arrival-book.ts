import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { priorityOf } from "../../pipeline/product/product.ts";
import { instant } from "../../pipeline/units.ts";
import type { CountedArrival } from "./counted-radio.ts";

/** Numbers that an arrival takes: product, station, and its three times. */
const width = 5;

const firstRoom = 16;

/** All arrivals: five numbers each, and the stations that they name. */
export interface ArrivalBookSnapshot {
  readonly rows: Float64Array;
  readonly stations: readonly string[];
}

/** What one satellite delivered, in order: numbers in one array, since a constellation delivers millions of products. */
export class ArrivalBook {
  #rows = new Float64Array(firstRoom * width);
  #count = 0;
  #stations: string[] = [];

  add({ product, station, firstSentAt, completedAt, atCentre }: CountedArrival): void {
    const at = this.#count++ * width;
    if (at === this.#rows.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    const known = this.#stations.lastIndexOf(station);
    const place = known < 0 ? this.#stations.push(station) - 1 : known;
    this.#rows.set([product.number, place, firstSentAt, completedAt, atCentre], at);
  }

  snapshot(): ArrivalBookSnapshot {
    return { rows: this.#rows.subarray(0, this.#count * width), stations: this.#stations };
  }

  restore({ rows, stations }: ArrivalBookSnapshot): void {
    this.#rows = new Float64Array(Math.max(rows.length, firstRoom * width));
    this.#rows.set(rows);
    this.#count = rows.length / width;
    this.#stations = [...stations];
  }

  /** The arrivals, their products as the ledger has them. */
  of({ products }: SatelliteLedger): readonly CountedArrival[] {
    return Array.from({ length: this.#count }, (_, row): CountedArrival => {
      const read = (field: number): number => this.#rows[row * width + field] as number;
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
        station: this.#stations[read(1)] as string,
        firstSentAt: instant(read(2)),
        completedAt: instant(read(3)),
        atCentre: instant(read(4)),
      };
    });
  }
}
