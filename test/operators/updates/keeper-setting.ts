import { createHash } from "node:crypto";
import { memoryMedium } from "../../../operators/updates/medium.ts";
import { ModelKeeper, type ModelPorts } from "../../../operators/updates/model-keeper.ts";
import type { TriedWork } from "../../../operators/updates/model-trial.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import type { Detector } from "../../../pipeline/detection/detector.ts";
import { pieceId } from "../../../pipeline/orders/kinds/model-install.ts";
import type { OrderAnswer } from "../../../pipeline/orders/order-answer.ts";
import type { Order, OrderNamed } from "../../../pipeline/orders/order.ts";
import { bytes, instant } from "../../../pipeline/units.ts";

export const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
export const upload = Buffer.from("an upload of some forty bytes, in pieces.");
export const next = { model: "ships", sha256: sha256("next") };

export const detectorOf = (name: string): Detector =>
  ({
    info: { name },
    detect: async () => [],
    [Symbol.asyncDispose]: async () => undefined,
  }) as unknown as Detector;

export const launched = {
  model: "ships",
  sha256: sha256("old"),
  detector: detectorOf("old"),
  files: new Map(),
};

export interface Setting {
  readonly keeper: ModelKeeper;
  readonly answers: readonly (readonly [id: string, answer: OrderAnswer])[];
  readonly hear: (order: Order, at: number) => OrderAnswer;
  readonly reserved: () => number;
}

export const setting = (more: Partial<ModelPorts> = {}, room = 1000): Setting => {
  let reserved = 0;
  const answers: (readonly [string, OrderAnswer])[] = [];
  const keeper = new ModelKeeper(
    {
      medium: memoryMedium(),
      launched,
      trust: "0",
      unpack: (_, data) => ({ files: new Map([["model.json", data]]), trust: "1", exam: new Map() }),
      noteOrder: (trust) => trust,
      isNamed: true,
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
      acquisition: null,
      take: () => undefined,
      say: (one) => (isFirst ? said.push(one) : answers.push([order.id, one])),
    });
    isFirst = false;
    answers.push([order.id, answer], ...said.map((one) => [order.id, one] as const));
    return answer;
  };
  return { keeper, answers, hear, reserved: () => reserved };
};

export const head = {
  tenant: "mission",
  to: "sat",
  issuedAt: instant(0),
  deadline: instant(1e6),
  priority: 5,
  signature: null,
};

export const install = (
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
    watch: 0,
    keep: "",
    ...more,
  },
});

export const piece = (n: number, size = 10, id = "up"): OrderNamed<"model-piece"> => ({
  ...head,
  id: pieceId(id, n),
  kind: "model-piece",
  body: { install: id, offset: n * size, data: upload.subarray(n * size, (n + 1) * size).toString("base64") },
});

export const activate = (sha: string, sequence = 2): OrderNamed<"model-activate"> => ({
  ...head,
  id: "act",
  kind: "model-activate",
  body: { model: "ships", sha256: sha, sequence },
});

export const box = (x: number): Detection => ({
  classId: 0,
  score: 0.9,
  boxPx: { x0: x, y0: 0, x1: x + 10, y1: 10 },
});
export const work = (detections: readonly Detection[], more: Partial<TriedWork> = {}): TriedWork => ({
  detections,
  seconds: 1,
  joules: 10,
  speed: 1,
  ...more,
});

/** All of an upload, with the last piece at `at`. */
export const bring = ({ hear }: Setting, order: OrderNamed<"model-install">, at = 10): void => {
  hear(order, at);
  for (let n = 0; n < 5; n++) hear(piece(n, 10, order.id), at);
};

export const lastOf = ({ answers }: Setting, id = "up"): OrderAnswer | undefined =>
  answers.findLast(([of]) => of === id)?.[1];

export const inForce = async ({ keeper }: Setting, t: number) => {
  const { name, beside } = await keeper.inForce(instant(t));
  return [name.sha256 === next.sha256 ? "next" : "old", beside?.info.name ?? null];
};
