import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { tellingDetector } from "../../pipeline/detection/recalling-detector.ts";
import { ByteCache } from "../../pipeline/byte-cache.ts";
import { detectsOnBoard, type Policy } from "../../pipeline/mission/policy.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { planTiles } from "../../pipeline/raster/tile-plan.ts";
import { openSpool } from "../../pipeline/spool.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import { computeWork, type ComputedWork } from "../../operators/onboard/computed-work.ts";
import { onboardOf } from "../../operators/onboard/satellite-flight.ts";
import { bandsOf, ImageryProcessor, neighboursOf } from "../../stations/centre/imagery-processor.ts";
import type { FileDigest } from "../../datasets/dataset.ts";
import { type FlownPolicy, planOf, tilesInFlight } from "../engine/policy-execution.ts";
import type { Stage } from "../engine/prepared-run.ts";
import { configurationOf, type ValueName } from "../folder/value-file.ts";

/** What can be worked out of a scene under a policy without flying: the unit of a part. */
export interface SceneWork {
  readonly work: ComputedWork;
  /** Where the ground detects: what its model sees when all of the scene comes down, by the content of the tiles. */
  readonly seen: readonly (readonly [key: string, detections: readonly Detection[]])[];
}

/** The file of a unit: named by what it follows from. */
export const unitFile = (
  folder: string,
  job: string,
  policy: string,
  scene: string,
  digests: readonly FileDigest[],
): { readonly path: string; readonly name: string; readonly value: ValueName } => {
  const name = `${policy} ${scene}`;
  const configuration = configurationOf([job, policy, scene, digests]);
  const file = `${createHash("sha256").update(`${configuration} ${name}`).digest("hex").slice(0, 32)}.work`;
  return { path: join(folder, file), name: file, value: { name, configuration } };
};

/** Decoded tiles in memory at once: as many as the mission centre has. */
const decodedBytes = 192e6;

/** What the ground's model sees once everything that was made of a scene is down. */
const seeAll = async (
  { base, model, codec }: Stage,
  scene: Scene,
  { products }: ComputedWork,
): Promise<SceneWork["seen"]> => {
  const seen = new Map<string, readonly Detection[]>();
  await using spool = await openSpool(tmpdir());
  const { width, height } = scene;
  const processor = new ImageryProcessor(
    scene.id,
    neighboursOf(planTiles({ x: 0, y: 0, width, height }, base.tile)),
    bandsOf(base, scene),
    {
      detector: tellingDetector(model, (key, detections) => void seen.set(key, detections)),
      codec,
      spool,
      decoded: new ByteCache<Raster>(decodedBytes),
    },
  );
  const ready: number[] = [];
  for (const { tile, kind, payload } of products)
    if (tile !== null) ready.push(...processor.arrive(tile, { kind, slot: await spool.write(payload) }));
  const looks = mapOrdered([...ready, ...processor.leftOver()], tilesInFlight, (tile) => processor.see(tile));
  for await (const _ of looks);
  return [...seen];
};

/** Works out one unit. Throws what the stage's `sceneErrors` does not leave out, and the reason of the signal. */
export const workScene = async (
  stage: Stage,
  flown: FlownPolicy & { readonly policy: Policy },
  acquisition: Acquisition,
  signal: AbortSignal,
): Promise<SceneWork> => {
  const { dataset, model, judge, codec, sceneErrors } = stage;
  const onBoard = detectsOnBoard(flown.policy);
  const tools = {
    source: dataset,
    detector: onBoard ? model : null,
    judge,
    codec,
    inFlight: tilesInFlight,
    sceneErrors,
  };
  const onboard = onboardOf(planOf(stage, flown), acquisition.satellite, tools, signal);
  const work = await computeWork(onboard, acquisition, tools);
  const scene = dataset.scenes.find(({ id }) => id === acquisition.scene);
  const isSeen = !onBoard && work.record.failure === null && scene !== undefined;
  return { work, seen: isSeen ? await seeAll(stage, scene, work) : [] };
};
