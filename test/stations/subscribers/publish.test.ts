import { cellToLatLng, getResolution, greatCircleDistance } from "h3-js";
import { describe, expect, it } from "vitest";
import type { RunBus } from "../../../pipeline/bus/run-bus.ts";
import { pixelToLonLat, type Affine } from "../../../pipeline/raster/georeference.ts";
import type { Scene } from "../../../pipeline/raster/scene.ts";
import { instant } from "../../../pipeline/units.ts";
import { publishResults } from "../../../stations/subscribers/publish.ts";
import { sceneOf, utm } from "../../fake-scene.ts";
import { planOf } from "../../mission-fixture.ts";
import { resultRecords } from "../../../stations/archive/result-record.ts";
import type { LandedAcquisition } from "../../../pipeline/mission/landing.ts";
import type { ResultMessage } from "../../../pipeline/mission/result-message.ts";
import { classToken } from "../../../pipeline/bus/subjects.ts";

const fake = { id: "a", width: 200, height: 100 };

const plan = planOf([fake]);

/** Clockwise on the picture, inside the box of the first class. */
const outlinePx = [
  [10, 20],
  [30, 22],
  [12, 25],
] as const;

const landedIn = (scene: Scene): LandedAcquisition => {
  const arrival = {
    kind: "detections",
    number: 0,
    station: "gs",
    readyAt: instant(101),
    firstSentAt: instant(200),
    completedAt: instant(201),
    atCentre: instant(201.5),
  } as const;
  const boxes = [0, 1, 7].map((classId) => ({
    detection: {
      classId,
      score: 0.5,
      boxPx: { x0: 10, y0: 20, x1: 30, y1: 25 },
      ...(classId === 1 ? { outlinePx } : {}),
    },
    arrival,
    publishedAt: instant(202.5),
  }));
  return {
    acquisition: plan.acquisitions[0]!,
    scene,
    detections: boxes,
    tileArrivals: new Map(),
    requestedAt: new Map(),
    batchArrival: arrival,
    chipsArrival: null,
    tilesSeen: [],
  };
};

/** Twice the signed area of a ring of positions: positive when counter-clockwise. */
const orientation = (ring: readonly (readonly [number, number])[]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);

const publish = async (scene: Scene) => {
  const said: { subject: string; message: ResultMessage; id: string }[] = [];
  const bus = {
    run: "run.1",
    publish: async (subject: string, data: Uint8Array, id: string) =>
      void said.push({ subject, message: JSON.parse(Buffer.from(data).toString()) as ResultMessage, id }),
  } as unknown as RunBus;
  await publishResults(bus, plan, resultRecords(landedIn(scene), ["cargo ship", "tug"]));
  return said;
};

describe("publishResults", () => {
  it("says each detection once, under its class and the cell that it lies in", async () => {
    const said = await publish(sceneOf(fake));
    expect(said.map(({ id }) => id)).toEqual(["result.0.0", "result.0.1", "result.0.2"]);
    const [run, start, className, cell] = said[0]!.subject
      .split(".")
      .slice(1)
      .filter((part) => part !== "result");
    expect([run, start, className]).toEqual(["run", "1", "cargo_ship"]);
    expect(getResolution(cell!)).toBe(3);
    const { longitude, latitude } = said[0]!.message;
    expect(greatCircleDistance(cellToLatLng(cell!), [latitude!, longitude!], "km")).toBeLessThan(75);
    // 500,200 m east, 4,899,775 m north in UTM zone 32, by PROJ: 9.0025° E, 44.2488° N.
    expect(longitude).toBeCloseTo(9.0025, 3);
    expect(latitude).toBeCloseTo(44.2488, 2);
    expect(said[0]!.message).toMatchObject({
      schema: "swath-result/2",
      class: "cargo ship",
      station: "gs",
      box_px: [10, 20, 30, 25],
      captured_at: "1970-01-01T00:01:40.000Z",
      received_at: "1970-01-01T00:03:22.500Z",
    });
    expect(said[2]!.message.class).toBe("class-7");
  });

  it("says so where a scene has no place on Earth", async () => {
    const [first] = await publish({ ...sceneOf(fake), georeference: null });
    expect(first!.subject).toMatch(/\.none$/);
    expect(first!.message).toMatchObject({ longitude: null, latitude: null, polygon: null });
  });

  it("walks round outlines where the model saw them", async () => {
    const scene = sceneOf(fake);
    const [box, outlined] = await publish(scene);
    expect(box!.message.polygon).toHaveLength(4);
    const wanted = outlinePx.map(([x, y]) => pixelToLonLat(scene.georeference!, x, y));
    expect(outlined!.message.polygon).toEqual(expect.arrayContaining(wanted));
    expect(outlined!.message.polygon).toHaveLength(3);
  });

  it("walks round boxes and outlines counter-clockwise, whichever way rows and columns run", async () => {
    const transforms: readonly Affine[] = [
      utm.transform,
      [10, 0, 500_000, 0, 10, 4_800_000],
      [-10, 0, 500_000, 0, -10, 4_900_000],
      [0, 10, 500_000, 10, 0, 4_800_000],
      [7, 7, 500_000, 7, -7, 4_900_000],
    ];
    for (const transform of transforms) {
      const said = await publish({ ...sceneOf(fake), georeference: { ...utm, transform } });
      for (const { message } of said.slice(0, 2)) {
        const ring = message.polygon!;
        const centred = ring.map(([x, y]) => [x - ring[0]![0], y - ring[0]![1]] as const);
        expect(orientation(centred)).toBeGreaterThan(0);
      }
    }
  });
});

describe("classToken", () => {
  it("can stand in a subject, whatever the class is called", () => {
    expect(["cargo ship", "a.b*c>", "", "船"].map(classToken)).toEqual([
      "cargo_ship",
      "a_b_c_",
      "unnamed",
      "_",
    ]);
  });
});
