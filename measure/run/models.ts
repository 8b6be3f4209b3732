import type { ModelTrial } from "../../pipeline/mission/model-ledger.ts";
import { formatInstant } from "../../pipeline/units.ts";
import type { ModelsSummary } from "../summary/model-summary.ts";
import type { PolicyRun } from "./policy-run.ts";

const trialOf = (trial: ModelTrial): ModelsSummary[number]["trials"][number] => {
  const { order, model, sha256, acquisitions, computeSeconds, outcome, why, figures } = trial;
  return {
    order,
    model,
    sha256,
    installedAt: formatInstant(trial.installedAt),
    acquisitions,
    computeSeconds,
    computeJoules: trial.computeEnergy,
    outcome,
    why,
    endedAt: trial.endedAt === null ? null : formatInstant(trial.endedAt),
    old: figures.old,
    next: figures.next,
    ...(trial.watched === undefined ? {} : { watched: trial.watched }),
  };
};

/** The models of satellites that were sent any, from their books; `null` where none was. */
export const modelsOf = ({ satellites }: PolicyRun): ModelsSummary | null => {
  const sent = satellites.flatMap(({ satellite, models }) =>
    models === undefined ? [] : [{ satellite, models }],
  );
  if (sent.length === 0) return null;
  return sent.map(({ satellite, models: { changes, trials, mostBytes } }) => ({
    satellite,
    changes: changes.map(({ at, model, sha256, why, order }) => ({
      at: formatInstant(at),
      model,
      sha256,
      why,
      order,
    })),
    trials: trials.map(trialOf),
    mostBytes,
  }));
};
