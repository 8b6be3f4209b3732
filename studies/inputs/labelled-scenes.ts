import type { Dataset } from "../../datasets/dataset.ts";
import type { LabelledScene } from "../../measure/quality/label-classes.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { someOf } from "../../pipeline/format.ts";

/** Labelled scenes, of those asked for. Throws `SwathError("config")` for an unknown one, `SwathError("label")` for none. */
export const labelledScenes = async (
  dataset: Dataset,
  asked: readonly string[] | null,
): Promise<readonly LabelledScene[]> => {
  const ids = dataset.scenes.map(({ id }) => id);
  const unknown = asked?.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new SwathError("config", {
      what: `no scene "${unknown}" in ${dataset.name}`,
      wanted: `one of ${someOf(ids)}`,
    });
  }
  const found: LabelledScene[] = [];
  for (const scene of dataset.scenes) {
    if (asked !== null && !asked.includes(scene.id)) continue;
    const labels = await dataset.labels(scene.id);
    if (labels !== null) found.push({ scene, labels });
  }
  if (found.some(({ labels }) => labels.length > 0)) return found;
  const looked = asked?.length ?? ids.length;
  throw new SwathError("label", {
    what: `nothing to check against in ${dataset.name}`,
    wanted: "at least one labelled object",
    got: `${looked} scene${looked === 1 ? "" : "s"} without any`,
    hint:
      dataset.skipped[0]?.error.message ??
      "give the label file of these images with --labels; `swath dataset info` shows what was read",
  });
};
