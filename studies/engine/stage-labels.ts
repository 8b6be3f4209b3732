import type { Dataset } from "../../datasets/dataset.ts";
import { alignLabels } from "../../measure/quality/label-classes.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { isSwathError } from "../../pipeline/errors.ts";

/** The labels of a dataset in the classes of a model. */
export interface StageLabels {
  /** Of each labelled scene. */
  readonly labels: ReadonlyMap<string, readonly Label[]>;
  /** The classes that anybody labelled. */
  readonly judged: ReadonlySet<string>;
  /** Sentences for the user. */
  readonly notes: readonly string[];
}

/** The labels as the model would name them; where none is of its classes, that is told instead of thrown. */
export const labelsFor = async (
  dataset: Dataset,
  classes: readonly string[],
  renamed: ReadonlyMap<string, string>,
): Promise<StageLabels> => {
  const nobody = { labels: new Map<string, readonly Label[]>(), judged: new Set<string>() };
  const drawn = await Promise.all(
    dataset.scenes.map(async (scene) => ({ scene, labels: await dataset.labels(scene.id) })),
  );
  const labelled = drawn.flatMap(({ scene, labels }) => (labels === null ? [] : [{ scene, labels }]));
  if (labelled.every(({ labels }) => labels.length === 0)) return { ...nobody, notes: [] };
  try {
    return alignLabels(labelled, classes, { renamed, ignored: new Set() });
  } catch (error) {
    if (!isSwathError(error, "label")) throw error;
    return { ...nobody, notes: [`not measured against the labels: ${error.message}`] };
  }
};
