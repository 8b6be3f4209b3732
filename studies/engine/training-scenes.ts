import type { Dataset } from "../../datasets/dataset.ts";
import type { ProvenanceSummary } from "../../measure/summary/provenance-summary.ts";
import type { AnyCard } from "../../models/card/card.ts";
import { trainedOn, trainedScenes } from "../../models/card/trained-scenes.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { fingerprintOf, fingerprintWindow } from "../../pipeline/raster/fingerprint.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { mapOrdered } from "../../pipeline/streams.ts";

/** Scenes read at once. */
const inFlight = 4;

type Answer = { readonly name: string | null } | { readonly reason: string };

const answerFor = async (
  dataset: Dataset,
  scene: Scene,
  band: string | undefined,
  known: NonNullable<ReturnType<typeof trainedScenes>>,
): Promise<Answer> => {
  const window = fingerprintWindow(scene);
  if (window === null || band === undefined) return { reason: "too small to be recognised" };
  try {
    await using reader = await dataset.open(scene.id);
    const fingerprint = fingerprintOf(await reader.readWindow(window, [band]));
    if (fingerprint === null) return { reason: "too even in its middle to be recognised" };
    return { name: trainedOn(known, fingerprint)?.name ?? null };
  } catch (error) {
    if (!isSwathError(error)) throw error;
    return { reason: error.message };
  }
};

/**
 * Which scenes the model was trained on: each scene's fingerprint against those that the card lists. `bands` has the bands of each
 * scene in the order of the model. Reads a small window of each scene, and none where the card lists no scenes.
 */
export const trainingOf = async (
  dataset: Dataset,
  card: AnyCard,
  scenes: readonly Scene[],
  bands: Readonly<Record<string, readonly string[]>>,
): Promise<ProvenanceSummary["training"]> => {
  const known = trainedScenes(card);
  if (known === null) return { listed: false, trainedOn: [], apart: 0, unknown: [] };
  if (known.length === 0) return { listed: true, trainedOn: [], apart: scenes.length, unknown: [] };
  const found: { scene: string; name: string }[] = [];
  const unknown: { scene: string; reason: string }[] = [];
  const answers = mapOrdered(scenes, inFlight, async (scene) => ({
    scene: scene.id,
    answer: await answerFor(dataset, scene, bands[scene.id]?.[0], known),
  }));
  for await (const { scene, answer } of answers) {
    if ("reason" in answer) unknown.push({ scene, reason: answer.reason });
    else if (answer.name !== null) found.push({ scene, name: answer.name });
  }
  return { listed: true, trainedOn: found, apart: scenes.length - found.length - unknown.length, unknown };
};
