import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyDelta } from "../../../models/updates/file-delta.ts";
import { readModelFiles, type ModelFiles } from "../../../models/updates/model-files.ts";
import { packageRoot } from "../../../pipeline/package.ts";

const folder = join(packageRoot, "test/golden/models");

/** What `models/shipped/ships-s2/retrain.py` made: kept as a delta against the shipped file, a fifteenth of its size. */
export const retrainedDelta = (): Uint8Array => readFileSync(join(folder, "ships-s2-retrained.delta"));

/** Digests of both, as the recipe left them. */
export const retrainedFacts = (): {
  readonly base: string;
  readonly sha256: string;
  readonly bytes: number;
} => JSON.parse(readFileSync(join(folder, "ships-s2-retrained.json"), "utf8"));

/** The shipped model. */
export const shippedFiles = async (): Promise<ModelFiles> => (await readModelFiles("ships-s2:int8")).files;

/** The retrained model: its network, with the threshold that suits it in the card. */
export const retrainedFiles = async (version = "4.0.0"): Promise<ModelFiles> => {
  const shipped = await shippedFiles();
  const old = shipped.get("ships-s2-int8.onnx") as Uint8Array;
  const network = applyDelta("retrained", old, retrainedDelta());
  const card = JSON.parse(Buffer.from(shipped.get("model.json") as Uint8Array).toString());
  const next = {
    ...card,
    version,
    sha256: retrainedFacts().sha256,
    thresholds: { ...card.thresholds, score: 0.62 },
  };
  return new Map([
    ["model.json", Buffer.from(JSON.stringify(next))],
    ["ships-s2-int8.onnx", network],
  ]);
};
