import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { memoryMedium } from "../../../operators/updates/medium.ts";
import { ModelKeeper, type ModelPorts } from "../../../operators/updates/model-keeper.ts";
import type { TriedWork } from "../../../operators/updates/model-trial.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import type { Detector } from "../../../pipeline/detection/detector.ts";
import { SwathError } from "../../../pipeline/errors.ts";
import { pieceId } from "../../../pipeline/orders/kinds/model-install.ts";
import type { OrderAnswer } from "../../../pipeline/orders/order-answer.ts";
import type { Order, OrderNamed } from "../../../pipeline/orders/order.ts";
import { bytes, instant, type Instant } from "../../../pipeline/units.ts";

const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
const upload = Buffer.from("an upload of some forty bytes, in pieces.");
const next = { model: "ships", sha256: sha256("next") };

const detectorOf = (name: string): Detector =>
  ({
    info: { name },
    detect: async () => [],
    [Symbol.asyncDispose]: async () => undefined,
  }) as unknown as Detector;

const launched = { model: "ships", sha256: sha256("old"), detector: detectorOf("old"), files: new Map() };

interface Setting {
  readonly keeper: ModelKeeper;
  readonly answers: readonly (readonly [id: string, answer: OrderAnswer])[];
  readonly hear: (order: Order, at: number) => OrderAnswer;
  readonly reserved: () => number;
}

const setting = (more: Partial<ModelPorts> = {}, room = 1000): Setting => {
  let reserved = 0;
  const answers: (readonly [string, OrderAnswer])[] = [];
  const keeper = new ModelKeeper(
    {
      medium: memoryMedium(),
      launched,
      trust: "0",
      unpack: (_, data) => ({ files: new Map([["model.json", data]]), trust: "1", exam: new Map() }),
      noteOrder: (trust) => trust,
      open: async ({ model, sha256: digest }) => detectorOf(`${model} ${digest.slice(0, 4)}`),
      reserve: (count) => {
        if (reserved + count > room) return false;
        reserved += count;
        return true;
      },
      ...more,
    },
    instant(0),
  );
  const hear = (order: Order, at: number): OrderAnswer => {
    const handler = keeper.handlers[order.kind];
    if (handler === undefined) throw new Error(order.kind);
    const said: OrderAnswer[] = [];
    let isFirst = true;
    const answer = handler(order, {
      at: instant(at),
      take: () => undefined,
      say: (one) => (isFirst ? said.push(one) : answers.push([order.id, one])),
    });
    isFirst = false;
    answers.push([order.id, answer], ...said.map((one) => [order.id, one] as const));
    return answer;
  };
  return { keeper, answers, hear, reserved: () => reserved };
};

const head = {
  tenant: "mission",
  to: "sat",
  issuedAt: instant(0),
  deadline: instant(1e6),
  priority: 5,
  signature: null,
};

const install = (
  more: Partial<OrderNamed<"model-install">["body"]> = {},
  id = "up",
): OrderNamed<"model-install"> => ({
  ...head,
  id,
  kind: "model-install",
  body: {
    ...next,
    upload: bytes(upload.length),
    uploadSha256: sha256(upload),
    size: bytes(100),
    sequence: 1,
    snapshot: sha256("snapshot"),
    trial: 3,
    promote: "",
    rollback: "auto",
    ...more,
  },
});

const piece = (n: number, size = 10, id = "up"): OrderNamed<"model-piece"> => ({
  ...head,
  id: pieceId(id, n),
  kind: "model-piece",
  body: { install: id, offset: n * size, data: upload.subarray(n * size, (n + 1) * size).toString("base64") },
});

const activate = (sha: string, sequence = 2): OrderNamed<"model-activate"> => ({
  ...head,
  id: "act",
  kind: "model-activate",
  body: { model: "ships", sha256: sha, sequence },
});

const box = (x: number): Detection => ({
  classId: 0,
  score: 0.9,
  boxPx: { x0: x, y0: 0, x1: x + 10, y1: 10 },
});
const work = (detections: readonly Detection[], more: Partial<TriedWork> = {}): TriedWork => ({
  detections,
  seconds: 1,
  joules: 10,
  speed: 1,
  ...more,
});

/** All of an upload, with the last piece at `at`. */
const bring = ({ hear }: Setting, order: OrderNamed<"model-install">, at = 10): void => {
  hear(order, at);
  for (let n = 0; n < 5; n++) hear(piece(n, 10, order.id), at);
};

const lastOf = ({ answers }: Setting, id = "up"): OrderAnswer | undefined =>
  answers.findLast(([of]) => of === id)?.[1];

const inForce = async ({ keeper }: Setting, t: number) => {
  const { name, candidate } = await keeper.inForce(instant(t));
  return [name.sha256 === next.sha256 ? "next" : "old", candidate?.info.name ?? null];
};

describe("a satellite's models", () => {
  it("come in pieces over contacts, in any order, and before their order", async () => {
    const it = setting();
    expect(it.hear(piece(4), 1)).toMatchObject({ answer: "done" });
    expect(it.hear(piece(1), 1)).toMatchObject({ answer: "done" });
    expect(it.hear(install(), 50)).toMatchObject({ answer: "accepted" });
    for (const n of [0, 3]) it.hear(piece(n), 60);
    expect(await inForce(it, 60)).toEqual(["old", null]);
    it.hear(piece(2), 70);
    // It is on trial from when the last piece was on board, and no earlier.
    expect(await inForce(it, 69)).toEqual(["old", null]);
    expect(await inForce(it, 70)).toEqual(["old", `ships ${next.sha256.slice(0, 4)}`]);
    expect(it.reserved()).toBe(100);
  });

  it("are promoted by rule after so many images, from then on", async () => {
    const it = setting();
    bring(it, install({ promote: "agreement >= 0.6 and seconds <= 2 * old" }));
    const seen = (at: number): void =>
      it.keeper.tried(
        "scene",
        instant(at),
        work([box(0), box(50)]),
        work([box(1), box(51), box(90)], { seconds: 1.5, joules: 15 }),
      );
    seen(20);
    seen(30);
    expect(lastOf(it)).toMatchObject({ answer: "accepted" });
    seen(40);
    expect(lastOf(it)).toMatchObject({
      answer: "done",
      at: 40,
      note: "promoted: agreement 0.6667, old 0.6667; seconds 1.5, old 1",
    });
    expect(await inForce(it, 39)).toEqual(["old", null]);
    expect(await inForce(it, 40)).toEqual(["next", null]);
    const { changes, trials } = it.keeper.close();
    expect(changes.map(({ at, why }) => [at, why])).toEqual([
      [0, "launched"],
      [40, "promoted"],
    ]);
    expect(trials).toMatchObject([
      { outcome: "promoted", acquisitions: 3, computeSeconds: 4.5, computeEnergy: 45, order: "up" },
    ]);
  });

  it("are judged by what the ground knows, where it does", () => {
    const exam = new Map([["labelled", [{ classId: 0, ignore: false, boxPx: box(0).boxPx }]]]);
    const unpack: ModelPorts["unpack"] = (_, data) => ({
      files: new Map([["model.json", data]]),
      trust: "1",
      exam,
    });
    const good = setting({ unpack });
    bring(good, install({ promote: "f1 >= old - 0.02", trial: 2 }));
    good.keeper.tried("labelled", instant(20), work([box(0), box(70)]), work([box(0)]));
    good.keeper.tried("elsewhere", instant(30), work([]), work([box(3)]));
    expect(lastOf(good)).toMatchObject({ answer: "done", note: "promoted: f1 1, old 0.6667" });
    const bad = setting({ unpack });
    bring(bad, install({ promote: "f1 >= old - 0.02", trial: 1 }));
    bad.keeper.tried("labelled", instant(20), work([box(0)]), work([box(0), box(70), box(90)]));
    expect(lastOf(bad)).toMatchObject({
      answer: "refused",
      field: "promote",
      wanted: "f1 >= old - 0.02",
      got: "f1 0.5, old 1",
    });
    // Nothing is promoted on a figure that is not known.
    const unknown = setting({ unpack });
    bring(unknown, install({ promote: "f1 >= old - 0.02", trial: 1 }));
    unknown.keeper.tried("elsewhere", instant(20), work([box(0)]), work([box(0)]));
    expect(lastOf(unknown)).toMatchObject({ answer: "refused", got: "f1 not known, old not known" });
  });

  it("that are rejected leave the store, or stay to be activated by an order", async () => {
    const gone = setting();
    bring(gone, install({ trial: 1 }));
    gone.keeper.tried("s", instant(20), work([box(0)]), work([]));
    expect(gone.reserved()).toBe(0);
    expect(gone.hear(activate(next.sha256), 30)).toMatchObject({ answer: "refused", field: "sha256" });
    const kept = setting();
    bring(kept, install({ trial: 1, rollback: "never" }));
    kept.keeper.tried("s", instant(20), work([box(0)]), work([]));
    expect(kept.reserved()).toBe(100);
    expect(kept.hear(activate(next.sha256), 30)).toMatchObject({ answer: "done" });
    expect(await inForce(kept, 30)).toEqual(["next", null]);
    expect(kept.hear(activate(launched.sha256, 3), 40)).toMatchObject({ answer: "done" });
    expect(await inForce(kept, 35)).toEqual(["next", null]);
    expect(await inForce(kept, 40)).toEqual(["old", null]);
  });

  it("that fail at work give their place to the last one that worked", async () => {
    const it = setting();
    bring(it, install({ trial: 0 }));
    expect(await inForce(it, 11)).toEqual(["next", null]);
    it.keeper.fail(next, instant(50), "its outputs are not numbers");
    expect(await inForce(it, 50)).toEqual(["old", null]);
    expect(await inForce(it, 49)).toEqual(["next", null]);
    const { changes, trials } = it.keeper.close();
    expect(changes.at(-1)).toMatchObject({ why: "rolled back", order: "up", at: 50 });
    expect(trials).toMatchObject([{ outcome: "failed", why: "its outputs are not numbers" }]);
    expect(() => it.keeper.fail(launched, instant(60), "gone")).toThrow("one that works");
    expect(it.keeper.isReplaceable(launched)).toBe(false);
  });

  it("that do not load at work are replaced before they see an image", async () => {
    const it = setting({ open: async () => Promise.reject(new Error("no such operator")) });
    bring(it, install({ trial: 0 }));
    expect(await inForce(it, 20)).toEqual(["old", null]);
    expect(it.keeper.close().trials).toMatchObject([
      { outcome: "failed", why: "does not load: no such operator" },
    ]);
  });

  it("are refused with field, wanted and got", () => {
    const broken = setting();
    broken.hear(install({ uploadSha256: sha256("another") }), 1);
    for (let n = 0; n < 5; n++) broken.hear(piece(n), 2);
    expect(lastOf(broken)).toMatchObject({ answer: "refused", field: "uploadSha256", got: "other bytes" });
    const unproven = setting({
      unpack: () => {
        throw new SwathError("model", {
          what: "model update up: root",
          field: "root",
          wanted: "ours",
          got: "theirs",
        });
      },
    });
    bring(unproven, install());
    expect(lastOf(unproven)).toEqual({
      answer: "refused",
      at: 10,
      field: "root",
      wanted: "ours",
      got: "theirs",
    });
    expect(unproven.reserved()).toBe(0);
    const full = setting({}, 80);
    expect(full.hear(install(), 1)).toMatchObject({
      answer: "refused",
      field: "size",
      wanted: "room for it in the store",
    });
    const crowded = setting({}, 105);
    crowded.hear(install(), 1);
    expect(crowded.hear(piece(0), 1)).toMatchObject({ answer: "refused", field: "data" });
    const outside = setting();
    outside.hear(install(), 1);
    expect(outside.hear(piece(5, 20), 2)).toMatchObject({ answer: "refused", field: "offset" });
    expect(setting().hear(install({ promote: "f1 >" }), 1)).toMatchObject({
      answer: "refused",
      field: "promote",
    });
    expect(setting().hear(install({}, "x".repeat(60)), 1)).toMatchObject({ answer: "refused", field: "id" });
    const late = setting();
    late.hear({ ...install(), deadline: instant(5) }, 1);
    for (let n = 0; n < 5; n++) late.hear(piece(n), 6);
    expect(late.keeper.close().trials).toEqual([]);
    expect(late.reserved()).toBe(0);
  });

  it("that come while another is on trial end its trial", async () => {
    const it = setting();
    bring(it, install());
    bring(it, install({ sha256: sha256("third"), sequence: 2 }, "up2"), 20);
    expect(it.keeper.close().trials).toMatchObject([
      { outcome: "rejected" },
      { outcome: "under way", endedAt: null },
    ]);
  });
});

describe("a canary stops", () => {
  const images: readonly (readonly Detection[])[] = [
    [box(0), box(40)],
    [box(5)],
    [box(9), box(80), box(120)],
  ];
  const flood = Array.from({ length: 60 }, (_, n) => box(12 * n + 6));

  /** Flies a trial of three images with a model that answers as given; a text is how it breaks. */
  const fly = async (
    answer: (image: readonly Detection[]) => TriedWork | string,
    more: Partial<ModelPorts> = {},
  ): Promise<OrderAnswer | undefined> => {
    const it = setting(more);
    bring(it, install());
    for (const [n, image] of images.entries()) {
      const at: Instant = instant(20 + n);
      const { candidate } = await it.keeper.inForce(at);
      if (candidate === null) break;
      const said = answer(image);
      if (typeof said === "string") it.keeper.failTrial(said, at);
      else it.keeper.tried("scene", at, work(image), said);
    }
    expect(await inForce(it, 100)).toEqual(["old", null]);
    expect(it.keeper.close().trials[0]?.outcome).toMatch(/^(failed|rejected)$/);
    return lastOf(it);
  };

  it.each<[string, (image: readonly Detection[]) => TriedWork | string, string]>([
    ["everything detected", () => work(flood), "promote"],
    ["nothing detected", () => work([]), "promote"],
    ["wrong classes", (image) => work(image.map((one) => ({ ...one, classId: 1 }))), "promote"],
    ["wrong places", (image) => work(image.map(({ boxPx }) => box(boxPx.x0 + 500))), "promote"],
    ["NaN weights", () => "its outputs are not numbers", "trial"],
    ["crash in run", () => "it broke: out of memory", "trial"],
    ["wrong output shape", () => "outputs do not fit the head", "trial"],
    ["too slow", (image) => work(image, { seconds: 4.5 }), "trial"],
    ["too hot", (image) => work(image, { speed: 0.4 }), "trial"],
  ])("a model with %s", async (_, answer, field) => {
    expect(await fly(answer)).toMatchObject({ answer: "refused", field });
  });

  it("a model that crashes at load", async () => {
    const answer = await fly(() => "never asked", { open: async () => Promise.reject(new Error("cut off")) });
    expect(answer).toMatchObject({ field: "trial", got: "does not load: cut off" });
  });

  it("and lets a good one pass", async () => {
    await expect(fly((image) => work(image.map(({ boxPx }) => box(boxPx.x0 + 1))))).rejects.toThrow();
  });
});
