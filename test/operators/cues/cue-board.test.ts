import { describe, expect, test } from "vitest";
import { CueBoard, type CueSettings, type TipNote } from "../../../operators/cues/cue-board.ts";
import type { CuePlanner, TipWay } from "../../../pipeline/mission/cue-planner.ts";
import { firstOwnAcquisition, type SeenImage } from "../../../pipeline/mission/cue-tips.ts";
import type { Acquisition } from "../../../pipeline/orbit/acquisition.ts";
import type { OrderNamed } from "../../../pipeline/orders/order.ts";
import { bytes, instant, seconds } from "../../../pipeline/units.ts";
import { sceneOf } from "../../fake-scene.ts";

const cue: OrderNamed<"cue"> = {
  id: "ships",
  tenant: "port",
  to: null,
  issuedAt: instant(0),
  deadline: instant(10_000),
  priority: 2,
  signature: null,
  kind: "cue",
  body: { on: "ship", minScore: 0.5, bbox: null, by: "any", within: seconds(5000) },
};

const acquisition: Acquisition = { index: 3, satellite: "a", scene: "here", at: instant(100) };

const box = (x: number, y: number) => ({ x0: x, y0: y, x1: x + 2, y1: y + 2 });

const imageOf = (detections: SeenImage["detections"], more: Partial<Acquisition> = {}): SeenImage => ({
  acquisition: { ...acquisition, ...more },
  scene: sceneOf({ id: "here", width: 64, height: 64 }),
  classes: ["ship", "plane"],
  detections,
  readyAt: instant(110),
});

/** One look takes the camera for ten seconds, one after the other. */
const planner = (way: TipWay | null): CuePlanner => ({
  tipBytes: bytes(100),
  wayOf: () => way,
  place: (tip, _satellite, toldAt, known) => {
    const taken = new Set(known.map(({ at }) => at as number));
    let at = Math.max(1000, Math.ceil(toldAt));
    while (taken.has(at)) at += 10;
    return at > tip.until || at > 1030 ? null : { scene: "there", at: instant(at) };
  },
  order: () => {
    throw new Error("the ground's");
  },
});

const boardOf = (way: TipWay | null, more: Partial<CueSettings> = {}): CueBoard => {
  const board = new CueBoard({
    satellite: "b",
    place: 1,
    of: 4,
    scheduled: [],
    planner: planner(way),
    announce: async () => undefined,
    onOwned: () => undefined,
    ...more,
  });
  const bench = { at: instant(50), acquisition: null, take: () => undefined, say: () => undefined };
  expect(board.obey(cue, bench)).toEqual({ answer: "accepted", at: 50 });
  return board;
};

const ship = (score: number, x = 0) => ({ classId: 0, score, boxPx: box(x, 0) });
const over = (satellite: string): TipWay => ({
  satellite,
  route: "crosslinks",
  toldAt: instant(180),
  hops: [
    { link: "l1", from: "b", to: "c", sentAt: instant(111), at: instant(112) },
    { link: "l2", from: "c", to: satellite, sentAt: instant(170), at: instant(180) },
  ],
});

const noteOf = (id: string, toldAt: number): TipNote => {
  const board = boardOf(over("d"));
  board.see(imageOf([ship(0.9)]));
  board.decide();
  const [note] = board.leaving(instant(200));
  if (note === undefined) throw new Error("no tip");
  return { ...note, tip: { ...note.tip, id }, toldAt: instant(toldAt) };
};

describe("cues on board", () => {
  test("a tip is what the cue asks for: its class, score and time, the best of an area, and of no image that was ordered", () => {
    const seen = (image: SeenImage): number => {
      const board = boardOf(over("d"));
      board.see(image);
      board.decide();
      return board.close().tips.length;
    };
    expect(seen(imageOf([ship(0.9), ship(0.6, 3)]))).toBe(1);
    expect(seen(imageOf([ship(0.4)]))).toBe(0);
    expect(seen(imageOf([{ ...ship(0.9), classId: 1 }]))).toBe(0);
    expect(seen(imageOf([ship(0.9)], { order: "look-1" }))).toBe(0);
    // Taken before the cue was on board.
    expect(seen(imageOf([ship(0.9)], { at: instant(49) }))).toBe(0);
    expect(seen(imageOf([ship(0.9)], { at: instant(10_000) }))).toBe(0);
  });

  test("a tip leaves over crosslinks once it stands on board, and each hop is counted", () => {
    const board = boardOf(over("d"));
    board.see(imageOf([ship(0.9)]));
    expect(board.decide()).toEqual([]);
    expect(board.leaving(instant(109))).toEqual([]);
    expect(board.leaving(instant(110))).toHaveLength(1);
    expect(board.leaving(instant(120))).toEqual([]);
    expect(board.close()).toMatchObject({
      tips: [{ route: "crosslinks", follower: "d", score: 0.9 }],
      across: { messages: 2, bytes: 200 },
    });
  });

  test("what goes by the ground is left to the ground", () => {
    const board = boardOf({ satellite: "d", route: "ground", toldAt: instant(500), hops: [] });
    board.see(imageOf([ship(0.9)]));
    expect(board.decide()).toEqual([]);
    expect(board.leaving(instant(1e6))).toEqual([]);
    expect(board.close()).toMatchObject({ tips: [{ route: "ground" }], followed: [] });
  });

  test("nothing is taken for a tip before it was told and can still be put into the timeline, under a number that nobody else gives", () => {
    const board = boardOf(null);
    const [first] = board.arrive([noteOf("t1", 1005)], instant(900), instant(910));
    const [second] = board.arrive([noteOf("t2", 800)], instant(900), instant(1007));
    expect(first).toMatchObject({ index: firstOwnAcquisition + 1, satellite: "b", order: "t1", at: 1005 });
    expect(second).toMatchObject({ index: firstOwnAcquisition + 5, at: 1007 });
    expect(board.arrive([noteOf("t3", 1031)], instant(900), instant(910))).toEqual([]);
    expect(board.close().followed.map(({ acquisition: index }) => index)).toEqual([
      firstOwnAcquisition + 1,
      firstOwnAcquisition + 5,
      null,
    ]);
  });

  test("looks that a contact brings go first: its own move out of their way or are given up", async () => {
    const taken: Acquisition[] = [];
    const board = boardOf(null, { announce: async (one) => void taken.push(one) });
    const [first, second] = board.arrive([noteOf("t1", 800), noteOf("t2", 800)], instant(900), instant(910));
    expect([first?.at, second?.at]).toEqual([1000, 1010]);
    const ordered = [1000, 1010, 1020].map((at, n) => ({
      index: 10 + n,
      satellite: "b",
      scene: "x",
      at: instant(at),
      order: `o${n}`,
    }));
    const moved = board.ordered(ordered, instant(950));
    expect(moved.removed).toEqual([first?.index, second?.index]);
    expect(moved.added).toMatchObject([{ index: first?.index, order: "t1", at: 1030 }]);
    const [own] = moved.added;
    if (own === undefined) throw new Error("nothing moved");
    expect(board.isOwn(own.index)).toBe(true);
    await board.taking(own);
    expect(board.isOwn(own.index)).toBe(false);
    expect(taken).toEqual([own]);
    // What is already being turned to stays.
    expect(board.ordered(ordered, instant(2000))).toEqual({ added: [], removed: [] });
  });
});
