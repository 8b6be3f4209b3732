import type { Detection } from "../../pipeline/detection/detection.ts";
import { recallingDetector } from "../../pipeline/detection/recalling-detector.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { ComputedWorks } from "../engine/computed-works.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import { isDoubt, readValueFile } from "../folder/value-file.ts";
import { jobOf, type Part } from "./part-file.ts";
import { type SceneWork, unitFile } from "./scene-work.ts";

/** Refuses parts that read something else. Throws `SwathError("storage")`. */
export const requireSameReads = (parts: readonly Part[], { reads, files }: RunIdentity): void => {
  for (const { folder, head } of parts) {
    const others = Object.keys(reads).filter((name) => reads[name] !== head.reads[name]);
    const scenes = Object.keys(head.files).filter(
      (scene) => JSON.stringify(head.files[scene]) !== JSON.stringify(files[scene]),
    );
    if (others.length === 0 && scenes.length === 0) continue;
    throw new SwathError("storage", {
      what: `part ${head.shard.index}/${head.shard.of} in ${folder}`,
      wanted: "what is read here",
      got: `other ${[...others, ...scenes.slice(0, 3).map((scene) => `files of scene ${scene}`)].join(", ")}`,
      hint: "merge where the parts ran, with the same files; or run the parts again",
    });
  }
};

/** Opens the works of all parts of a run with pixels. */
export const openPartWorks = (parts: readonly Part[]): ComputedWorks => {
  const places = new Map<string, { readonly part: Part; readonly policy: string; readonly scene: string }>();
  for (const part of parts)
    for (const { policy, scene } of part.head.works)
      places.set(`${policy} ${scene}`, { part, policy, scene });
  // A scene's tiles come to the ground after it was worked on, so what its model sees there is known by then. All of a mission's detections fit in memory.
  const seen = new Map<string, readonly Detection[]>();
  return {
    async work(policy, scene) {
      const place = places.get(`${policy} ${scene}`);
      const refuse = (got: string, again: string): never => {
        throw new SwathError("storage", {
          what: `the work of scene ${scene} under ${policy}`,
          wanted: "as a part wrote it",
          got,
          hint: again,
        });
      };
      if (place === undefined) return refuse("no part has it", "run the parts again");
      const { folder, head } = place.part;
      const { path, value } = unitFile(folder, jobOf(head), policy, scene, head.files[scene] ?? []);
      const again = `run that part again: --shard ${head.shard.index}/${head.shard.of}`;
      const found = await readValueFile<SceneWork>(path, value);
      if (found === null) return refuse(`${path} is gone`, again);
      if (isDoubt(found)) return refuse(`${path}: ${found.doubt}`, again);
      for (const [key, detections] of found.seen) seen.set(key, detections);
      return found.work;
    },
    recalling: (detector) => recallingDetector(detector, (key) => seen.get(key)),
  };
};
