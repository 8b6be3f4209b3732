import { sumOf, interpolatedQuantile } from "../statistics.ts";
import type { PolicySummary } from "../summary/run-summary.ts";
import type { PolicyRun } from "./policy-run.ts";

/** The requests for tiles and their outcome; `null` where the ground requests nothing. */
export const requestsOf = ({
  satellites,
  landed,
}: PolicyRun): NonNullable<PolicySummary["requests"]> | null => {
  const books = satellites.flatMap(({ asked }) => asked ?? []);
  if (books.length === 0) return null;
  const tiles = books.flatMap((book) => book.tiles);
  const captures = books.flatMap((book) => book.captures);
  const products = satellites
    .flatMap((ledger) => ledger.products)
    .filter(({ askedAt }) => askedAt !== undefined);
  const delivered = products.filter(({ fate }) => fate === "delivered");
  const delays = landed
    .flatMap(({ requestedAt, tileArrivals }) =>
      [...requestedAt].flatMap(([tile, at]) => {
        const arrival = tileArrivals.get(tile);
        return arrival === undefined ? [] : [arrival.atCentre - at];
      }),
    )
    .toSorted((a, b) => a - b);
  const answered = (answer: string): number => tiles.filter((tile) => tile.answer === answer).length;
  return {
    tiles: tiles.length,
    scenes: new Set(tiles.map(({ acquisition }) => acquisition)).size,
    made: answered("made"),
    gone: answered("gone"),
    unreadable: answered("unreadable"),
    delivered: delivered.length,
    madeBytes: sumOf(products, ({ size }) => size),
    deliveredBytes: sumOf(delivered, ({ size }) => size),
    uplinkBytes: sumOf(books, ({ uplink }) => uplink),
    latencySeconds:
      delays.length === 0
        ? null
        : { median: interpolatedQuantile(delays, 0.5), p90: interpolatedQuantile(delays, 0.9) },
    computeSeconds: sumOf(books, ({ computeSeconds }) => computeSeconds),
    captures: {
      takenBytes: sumOf(captures, ({ size }) => size),
      keptBytes: sumOf(captures, ({ size, givenUpAt }) => (givenUpAt === null ? size : 0)),
      givenUpBytes: sumOf(captures, ({ size, givenUpAt }) => (givenUpAt === null ? 0 : size)),
    },
  };
};
