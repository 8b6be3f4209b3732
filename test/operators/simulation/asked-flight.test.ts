import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countedTransmitter } from "../../../operators/simulation/counted-radio.ts";
import { drawnWork } from "../../../operators/simulation/drawn-work.ts";
import { Flight } from "../../../operators/flight/flight.ts";
import { bytes, instant, seconds } from "../../../pipeline/units.ts";
import { contactOf, planOf } from "../../mission-fixture.ts";

const contacts = [contactOf(0, 120, 40), contactOf(1, 3000, 60, "other"), contactOf(2, 9000, 300)];

describe("a flight that is asked for tiles", () => {
  it("comes to the same ledger in any number of steps", async () => {
    const { spacecraft, rate } = planOf([]);
    const acquisitions = [50, 118, 125, 2995, 3004, 9050].map((at, index) => ({
      index,
      satellite: "sat",
      scene: "s",
      at: instant(at),
    }));
    const entry = {
      failure: null,
      samples: 1000,
      sensorBytes: bytes(5000),
      losslessBytes: null,
      tiles: 1,
      emptyTiles: 0,
      cloudyTiles: 0,
      emptyBytes: bytes(0),
      cloudyBytes: bytes(0),
      modelTiles: 1,
      detections: 1,
      operations: 0,
      encodedSamples: 0,
      computeSeconds: seconds(9),
      scene: "s",
      taken: null,
      products: [{ kind: "detections" as const, tile: null, size: 9000, workAt: seconds(8) }],
    };
    const flyIn = async (cuts: readonly number[]) => {
      const horizon = { from: instant(0), to: instant(20_000) };
      const plan = {
        satellite: "sat",
        spacecraft,
        rate,
        protection: "none" as const,
        ...horizon,
        acquisitions,
        contacts,
        terminalsOn: [],
        body: null,
      };
      const flight = new Flight(plan, {
        work: drawnWork({ entryOf: () => entry, timeOf: (_, work) => work }),
        transmitter: () =>
          countedTransmitter({
            rate,
            errors: { bitErrorRate: 0, segmentLossRate: 0, outages: [], seed: 1 },
            onArrival: () => undefined,
          }),
        asks: {
          ask: async ({ aos }) =>
            acquisitions.flatMap(({ index, at }) => (at < aos ? [{ acquisition: index, tile: aos }] : [])),
          make: async (requests, { clock, keep }) => {
            for (const [n, request] of requests.entries()) {
              const work = seconds(3 * (n + 1));
              const product = {
                kind: "tile-lossless" as const,
                tile: 0,
                workAt: work,
                value: 1,
                size: 30_000,
              };
              keep(request, { ...product, readyAt: await clock.at(work), slot: null });
            }
            return { computeSeconds: seconds(3 * requests.length), encodedSamples: 0, unreadable: [] };
          },
        },
        notify: () => undefined,
        pace: async () => undefined,
        signal: new AbortController().signal,
      });
      for (const cut of cuts) await flight.advance(instant(cut));
      return await flight.close();
    };
    const whole = await flyIn([]);
    expect(whole.asked?.tiles).toHaveLength(2 + 4 + 5);
    const near = fc.constantFrom(
      0,
      50,
      112,
      118,
      119,
      120,
      121,
      130,
      160,
      2990,
      2996,
      3000,
      3001,
      3060,
      9000,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(near, { maxLength: 8 }), async (cuts) => {
        expect(await flyIn(cuts.toSorted((a, b) => a - b))).toEqual(whole);
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});
