import { formatCountOf } from "../../pipeline/format.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";

/** A scene with what people marked in it, as they called it. */
export interface LabelledScene {
  readonly scene: Scene;
  readonly labels: readonly Label[];
}

/** What the user says of the labels' classes. */
export interface LabelRules {
  /** Label class → model class. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Label classes that are neither hit nor missed: doubtful objects, regions that nobody searched. */
  readonly ignored: ReadonlySet<string>;
}

/**
 * The labels in the model's classes: by `renamed`, else by name whatever the case. What one side
 * does not know is left out and noted. Throws `SwathError("label")` when nothing is left.
 */
export const alignLabels = (
  scenes: readonly LabelledScene[],
  classes: readonly string[],
  { renamed, ignored }: LabelRules,
): {
  readonly labels: ReadonlyMap<string, readonly Label[]>;
  readonly judged: ReadonlySet<string>;
  readonly notes: readonly string[];
} => {
  const unknown = [...renamed.values()].find((name) => !classes.includes(name));
  const several = classes.slice(0, 6).join(", ") + (classes.length > 6 ? `, … (${classes.length})` : "");
  if (unknown !== undefined) {
    throw new SwathError("config", {
      what: `--map to "${unknown}"`,
      wanted: `a class of the model: ${several}`,
    });
  }
  const lower = new Map(classes.map((name) => [name.toLowerCase(), name]));
  const nameOf = (name: string): string | null => {
    const wanted = renamed.get(name) ?? name;
    return classes.includes(wanted) ? wanted : (lower.get(wanted.toLowerCase()) ?? null);
  };
  const strange = new Map<string, number>();
  const judged = new Set<string>();
  const labels = new Map<string, readonly Label[]>();
  for (const { scene, labels: drawn } of scenes) {
    const kept: Label[] = [];
    for (const label of drawn) {
      if (ignored.has(label.className)) continue;
      const className = nameOf(label.className);
      if (className === null) strange.set(label.className, (strange.get(label.className) ?? 0) + 1);
      else {
        judged.add(className);
        kept.push({ ...label, className });
      }
    }
    labels.set(scene.id, kept);
  }
  for (const { scene, labels: drawn } of scenes) {
    const excused = drawn
      .filter(({ className }) => ignored.has(className))
      .flatMap(({ boxPx }) => [...judged].map((className): Label => ({ className, boxPx, ignore: true })));
    labels.set(scene.id, [...(labels.get(scene.id) ?? []), ...excused]);
  }
  if (judged.size === 0) {
    throw new SwathError("label", {
      what: "the labels are of other classes than the model's",
      wanted: several,
      got: [...strange.keys()].slice(0, 6).join(", "),
      hint: "say which is which with --map LABEL=CLASS",
    });
  }
  const notes = [...strange].map(
    ([name, count]) => `${formatCountOf(count, "label")} of class ${name} left out: the model has ${several}`,
  );
  const unlabelled = classes.length - judged.size;
  if (unlabelled > 0)
    notes.push(
      `detections of the ${formatCountOf(unlabelled, "class", "classes")} that nobody labelled here are left out`,
    );
  return { labels, judged, notes };
};
