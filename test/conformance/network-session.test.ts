import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readNetwork } from "../../models/card/network-file.ts";
import { oneOfBatch } from "../../models/runtimes/fixed-batch.ts";
import type { NetworkSession } from "../../models/runtimes/network-session.ts";
import { openOnnxSession } from "../../models/runtimes/onnx-session.ts";
import { openTfjsSession } from "../../models/runtimes/tfjs-session.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { modelError } from "../models/toys.ts";

const golden = (name: string): string => fileURLToPath(new URL(`../golden/models/${name}`, import.meta.url));

const hasTfjs = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-backend-wasm"].some((name) => {
  try {
    return createRequire(join(process.cwd(), "x.js")).resolve(name) !== "";
  } catch {
    return false;
  }
});

/** A runtime with the network of `test/golden/models/tfjs.py` in its format: two classes at half the input's sides. */
interface Runtime {
  readonly name: string;
  readonly file: string;
  /** Why it is not tried; `null`: it is. */
  readonly skip: string | null;
  readonly open: typeof openOnnxSession;
}

const noTfjs = hasTfjs ? null : "npm install --no-save @tensorflow/tfjs @tensorflow/tfjs-backend-wasm";
const runtimes: readonly Runtime[] = [
  { name: "ONNX Runtime", file: "tfjs-net.onnx", skip: null, open: openOnnxSession },
  {
    name: "TensorFlow.js, graph",
    file: "tfjs-graph/model.json",
    skip: noTfjs,
    open: openTfjsSession,
  },
  {
    name: "TensorFlow.js, layers",
    file: "tfjs-layers/model.json",
    skip: noTfjs,
    open: openTfjsSession,
  },
];

const image = (length: number): Float32Array => {
  const random = seeded("conformance", 1);
  return Float32Array.from({ length }, () => random.uniform());
};

describe.each(runtimes)("a network session: $name", ({ file, skip, open }) => {
  const why = skip === null ? "" : ` (skipped: ${skip})`;
  const opened = async (outputNames: readonly string[] = []): Promise<NetworkSession> => {
    const { bytes, description } = await readNetwork(golden(file), file);
    return open(bytes, { inputName: description.inputs[0]?.name ?? "", outputNames }, file);
  };
  const shapeOf = ({ inputShape }: NetworkSession, side: number): readonly number[] => {
    const isLast = inputShape[3] === 3;
    return isLast ? [1, side, side, 3] : [1, 3, side, side];
  };

  test.skipIf(skip !== null)(`says what it takes and gives${why}`, async () => {
    const session = await opened();
    expect(session.inputShape).toHaveLength(4);
    expect(session.inputShape).toContain(3);
    expect(session.inputType).toBe("float32");
    expect(session.outputNames.length).toBeGreaterThan(0);
    await session.release();
  });

  test.skipIf(skip !== null)(`the same input, the same output; another size in between${why}`, async () => {
    const session = await opened();
    const run = async (side: number) => {
      const outputs = await session.run(image(3 * side * side), shapeOf(session, side), session.outputNames);
      const [tensor] = outputs.values();
      if (tensor === undefined) throw new Error("no output");
      expect(tensor.shape.reduce((product, n) => product * n, 1)).toBe(tensor.data.length);
      return { shape: tensor.shape, data: tensor.data.slice() };
    };
    const first = await run(64);
    expect((await run(32)).data.length).toBe(first.data.length / 4);
    expect(await run(64)).toEqual(first);
    await session.release();
  });

  test.skipIf(skip !== null)(`gives the outputs asked for, by name${why}`, async () => {
    const session = await opened();
    const name = session.outputNames[0] as string;
    const outputs = await session.run(image(3 * 64 * 64), shapeOf(session, 64), [name]);
    expect([...outputs.keys()]).toEqual([name]);
    await session.release();
  });

  test.skipIf(skip !== null)(`a network for one image stays itself in a batch's place${why}`, async () => {
    const session = await opened();
    expect(oneOfBatch(session)).toBe(session);
    await session.release();
  });

  test.skipIf(skip !== null)(`refuses outputs and inputs that are not there${why}`, async () => {
    await expect(opened(["no such output"])).rejects.toThrow(modelError(/wanted "no such output"/));
    const { bytes } = await readNetwork(golden(file), file);
    await expect(open(bytes, { inputName: "no such input", outputNames: [] }, file)).rejects.toThrow(
      modelError(/wanted "no such input" alone/),
    );
  });

  test.skipIf(skip !== null)(`refuses what is no network, in one line${why}`, async () => {
    const bytes = new Uint8Array(await readFile(golden("tfjs.py")));
    await expect(open(bytes, { inputName: "x", outputNames: [] }, "that file")).rejects.toThrow();
  });
});
