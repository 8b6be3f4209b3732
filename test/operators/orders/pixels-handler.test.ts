import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pixelsHandler, tilesOfArea, type TilesDone } from "../../../operators/orders/pixels-handler.ts";
import type { OrderAnswer } from "../../../pipeline/orders/order-answer.ts";
import type { OrderNamed } from "../../../pipeline/orders/order.ts";
import type { Acquisition } from "../../../pipeline/orbit/acquisition.ts";
import type { BoundingBox } from "../../../pipeline/raster/area-geometry.ts";
import { pixelToLonLat } from "../../../pipeline/raster/georeference.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";
import { instant } from "../../../pipeline/units.ts";
import { sceneOf, utm } from "../../fake-scene.ts";

const tile = { sizePx: 64, overlapPx: 0 };
const scene = sceneOf({ id: "port", width: 256, height: 192 });
const acquisition = (index: number, at: number, id = "port"): Acquisition => ({
  index,
  satellite: "a",
  scene: id,
  at: instant(at),
});

/** A box between two pixels. */
const boxOf = (x0: number, y0: number, x1: number, y1: number): BoundingBox => {
  const [west, north] = pixelToLonLat(utm, x0, y0);
  const [east, south] = pixelToLonLat(utm, x1, y1);
  return [west, south, east, north];
};

const portsOf = (taken: readonly Acquisition[], held: readonly number[]) => ({
  taken: () => taken,
  sceneOf: (id: string) => (id === "port" ? scene : undefined),
  tile,
  isHeld: (index: number) => held.includes(index),
});

const order = (bbox: BoundingBox, tiles: number): OrderNamed<"pixels"> => ({
  id: "one",
  tenant: "mission",
  to: null,
  issuedAt: instant(0),
  deadline: instant(1000),
  priority: 5,
  signature: null,
  kind: "pixels",
  body: { bbox, tiles },
});

describe("tiles of an area that are still on board", () => {
  test("are those that reach into it, nearest to its middle first, and no more than were asked for", () => {
    const plan = planTiles({ x: 0, y: 0, width: 256, height: 192 }, tile);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 150 }),
        fc.integer({ min: 20, max: 120 }),
        fc.integer({ min: 1, max: 20 }),
        (x, y, size, most) => {
          const found = tilesOfArea(
            boxOf(x, y, x + size, y + size),
            most,
            portsOf([acquisition(7, 10)], [7]),
          );
          expect(found?.length).toBeLessThanOrEqual(most);
          expect(new Set(found?.map((one) => one.tile)).size).toBe(found?.length);
          const far = (index: number): number => {
            const core = plan[index]?.core;
            if (core === undefined) throw new RangeError(`no tile ${index}`);
            const [dx, dy] = [
              core.x + core.width / 2 - x - size / 2,
              core.y + core.height / 2 - y - size / 2,
            ];
            return Math.hypot(dx, dy);
          };
          const distances = (found ?? []).map((one) => far(one.tile));
          // In pixels, and so up to what a projection turns.
          distances.forEach((one, n) => expect(one).toBeLessThanOrEqual((distances[n + 1] ?? Infinity) + 2));
          const inside = plan.filter(
            ({ core }) =>
              core.x + 2 < x + size &&
              core.x + core.width > x + 2 &&
              core.y + 2 < y + size &&
              core.y + core.height > y + 2,
          );
          if (most >= plan.length)
            expect(found?.map((one) => one.tile)).toEqual(
              expect.arrayContaining(inside.map(({ index }) => index)),
            );
        },
      ),
      { numRuns: 50 },
    );
  });

  test("of several images of a place come from the newest that is held", () => {
    const area = boxOf(70, 70, 120, 120);
    const taken = [acquisition(1, 10), acquisition(2, 20), acquisition(3, 30)];
    const from = (held: readonly number[]) => tilesOfArea(area, 1, portsOf(taken, held))?.[0]?.acquisition;
    expect(from([1, 2, 3])).toBe(3);
    expect(from([1, 2])).toBe(2);
    expect(tilesOfArea(area, 1, portsOf(taken, []))).toEqual([]);
    expect(tilesOfArea([-30, 0, -29, 1], 1, portsOf(taken, [1]))).toBeNull();
  });

  test("are done once the computer is, and refused where nothing can be read, was kept, or was ever taken", () => {
    const said: OrderAnswer[] = [];
    const bench = {
      at: instant(50),
      acquisition: null,
      take: () => undefined,
      say: (one: OrderAnswer) => void said.push(one),
    };
    let finish: (done: TilesDone) => void = () => undefined;
    const handlerOf = (taken: readonly Acquisition[], held: readonly number[]) =>
      pixelsHandler({ ...portsOf(taken, held), request: (_tiles, _at, onDone) => (finish = onDone) });
    const asked = order(boxOf(70, 70, 120, 120), 2);
    const taken = [acquisition(3, 30)];
    expect(handlerOf(taken, [3])(asked, bench)).toEqual({ answer: "accepted", at: 50 });
    finish({ at: instant(60), made: 1, unreadable: 1 });
    finish({ at: instant(61), made: 0, unreadable: 2 });
    expect(said).toMatchObject([
      { answer: "done", at: 60, acquisitions: [3], note: "1 tile, 1 unreadable" },
      { answer: "refused", at: 61, field: "bbox" },
    ]);
    expect(handlerOf(taken, [])(asked, bench)).toMatchObject({
      field: "bbox",
      got: "images that were given up",
    });
    expect(handlerOf([], [])(asked, bench)).toMatchObject({ field: "bbox", got: "one that was not taken" });
  });
});
