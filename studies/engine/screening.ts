import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { RunPlan, SceneScreening, Screening } from "../../pipeline/mission/run-plan.ts";
import type { CloudJudge } from "../../pipeline/detection/cloud-judge.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { openCloudJudge, screeningFor } from "../../models/cloud-model.ts";

/** What `--screen-model` says where no model shall judge. */
export const brightness = "brightness";

/** How policy `screen` judges, as the plan has it and as a process of the run opens it. */
export interface PlannedScreening {
  readonly screening: Screening | null;
  readonly judge: CloudJudge | null;
  readonly notes: readonly string[];
}

const unscreened: PlannedScreening = { screening: null, judge: null, notes: [] };

/** What is judged by brightness, and the first reason why. */
const fallbackNote = (refused: readonly string[], scenes: number): readonly string[] => {
  const [reason] = refused;
  if (reason === undefined) return [];
  const which = refused.length === scenes ? "all scenes" : `${refused.length} of ${scenes} scenes`;
  return [`policy screen judges ${which} by brightness, which takes snow for cloud: ${reason}`];
};

/**
 * Opens the model that screens and finds out which scenes it can judge; the others are left to brightness, and that is noted.
 * Throws `SwathError("model")` when the model is not there or is no judge of clouds.
 */
export const planScreening = async (
  reference: string,
  scenes: readonly Scene[],
  tilePx: number,
  threads: number | null,
): Promise<PlannedScreening> => {
  if (reference === brightness) return unscreened;
  const judge = await openCloudJudge(reference, threads === null ? {} : { threads });
  const fitting: Record<string, SceneScreening> = {};
  const refused: string[] = [];
  for (const scene of scenes) {
    try {
      fitting[scene.id] = screeningFor(judge, scene, tilePx);
    } catch (error) {
      if (!isSwathError(error, "model")) {
        await judge[Symbol.asyncDispose]();
        throw error;
      }
      refused.push(error.message);
    }
  }
  const notes = fallbackNote(refused, scenes.length);
  if (Object.keys(fitting).length === 0) {
    await judge[Symbol.asyncDispose]();
    return { ...unscreened, notes };
  }
  return {
    judge,
    screening: { model: reference, modelSha256: judge.info.sha256, scenes: fitting },
    notes,
  };
};

/**
 * Opens the model that a plan screens by, for a node in a process of its own; `null` where it screens by none.
 * Throws `SwathError("model")` when it is not the plan's.
 */
export const judgeOfPlan = async (
  { policy, screening }: Pick<RunPlan, "policy" | "screening">,
  reference: string | undefined,
): Promise<CloudJudge | null> => {
  if (!policy.screens || screening === null) return null;
  const named = reference ?? screening.model;
  const judge = await openCloudJudge(named);
  if (judge.info.sha256 === screening.modelSha256) return judge;
  await judge[Symbol.asyncDispose]();
  throw new SwathError("model", {
    what: `model ${named} is not the one that the run screens by`,
    wanted: `weights ${screening.modelSha256.slice(0, 12)}…`,
    got: `${judge.info.sha256.slice(0, 12)}…`,
  });
};
