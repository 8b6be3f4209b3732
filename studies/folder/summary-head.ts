import { protectionSummary } from "../../measure/summary/protection-summary.ts";
import type { Store } from "../../pipeline/mission/spacecraft.ts";
import { summarySchemaVersion, type RunSummary } from "../../measure/summary/run-summary.ts";
import { formatInstant } from "../../pipeline/units.ts";
import type { Yardstick } from "../../measure/run/policy-figures.ts";
import type { Stage } from "../engine/prepared-run.ts";
import { linkAssumptions } from "../engine/link-assumptions.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import { provenanceOf, scheduleOf } from "./provenance.ts";
import { brightness } from "../engine/screening.ts";
import { describeRate } from "../../pipeline/link/rate/link-rate-text.ts";

const screeningOf = ({ base, judge, policies }: Stage): RunSummary["screening"] => {
  if (!policies.some(({ screens }) => screens)) return null;
  if (judge === null || base.screening === null) {
    return { name: brightness, sha256: null, precision: null, scenes: Object.keys(base.bands).length };
  }
  const { name, sha256, precision } = judge.info;
  return { name, sha256, precision, scenes: Object.keys(base.screening.scenes).length };
};

/** The rules of the store, where they are not the usual ones. */
const storeOf = ({ eviction = "lowest-priority", order = { kind: "strict" } }: Store) => {
  if (eviction === "lowest-priority" && order.kind === "strict") return {};
  const weights = order.kind === "weighted" ? { weights: { ...order.weights } } : {};
  return { store: { eviction, order: order.kind, ...weights } };
};

/** What is taken for granted of links and ground; of the ground's processors only where they have work. */
const assumptionsOf = ({ base, policies }: Stage): readonly string[] => {
  const detects = policies.some((policy) => !detectsOnBoard(policy));
  return linkAssumptions({ ...base, groundOpsPerSecond: detects ? base.groundOpsPerSecond : null });
};

/** Everything in `summary.json` that all policies of a run share. */
export const summaryHead = (
  stage: Stage,
  runId: string,
  { labels }: Pick<Yardstick, "labels">,
): Omit<RunSummary, "policies" | "day" | "noDay"> => {
  const { base, scenario, dataset, model } = stage;
  const { contacts } = base.contacts;
  return {
    schema: summarySchemaVersion,
    runId,
    seed: scenario.seed,
    provenance: provenanceOf(base.spacecraft.name, stage.training, assumptionsOf(stage)),
    schedule: scheduleOf(stage),
    dataset: {
      name: dataset.name,
      scenes: dataset.scenes.length,
      megapixels: dataset.scenes.reduce((sum, { width, height }) => sum + width * height, 0) / 1e6,
      labelled: labels.size > 0,
    },
    model: {
      name: model.info.name,
      version: model.info.version,
      sha256: model.info.sha256,
      precision: model.info.precision,
      ...(model.info.runtime === undefined ? {} : { runtime: model.info.runtime }),
      classes: [...model.info.classes],
      scoreThreshold: base.scoreThreshold,
    },
    screening: screeningOf(stage),
    constellation: {
      spec: scenario.constellation,
      spacecraft: base.spacecraft.name,
      satellites: [...base.satellites],
      ...storeOf(base.spacecraft.store),
    },
    stations: base.stations.map(({ id, name, longitude, latitude, antennas }) => ({
      id,
      name,
      longitudeDegrees: longitude,
      latitudeDegrees: latitude,
      antennas,
    })),
    horizon: { from: formatInstant(base.contacts.from), to: formatInstant(base.contacts.to) },
    link: {
      description: describeRate(scenario.rate),
      downlinkBitsPerSecond: scenario.rate.kind === "fixed" ? scenario.rate.rate : null,
      bitErrorRate: scenario.bitErrorRate,
      segmentLossRate: scenario.segmentLossRate,
      ...protectionSummary(scenario.protection),
    },
    contacts: {
      planned: contacts.length,
      totalSeconds: contacts.reduce((sum, { aos, los }) => sum + (los - aos), 0),
    },
  };
};
