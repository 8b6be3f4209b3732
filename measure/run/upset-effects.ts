import { costOf } from "../../pipeline/mission/protection-cost.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { summariseAgreement } from "../quality/agreement.ts";
import { sumOf } from "../statistics.ts";
import type { UpsetSummary } from "../summary/upset-summary.ts";
import { ofSchedule, type PolicyRun } from "./policy-run.ts";
import type { NamedDetection } from "../../pipeline/detection/named-detection.ts";

/** A run with what it is judged by. */
export interface JudgedRun {
  readonly run: PolicyRun;
  readonly detections: readonly (readonly NamedDetection[])[];
  readonly ap50FromThreshold: number | null;
}

const computed = (satellites: readonly SatelliteLedger[]): number =>
  sumOf(satellites, ({ acquisitions }) => sumOf(acquisitions, (record) => record.computeSeconds));

const spent = (satellites: readonly SatelliteLedger[]): number =>
  sumOf(
    satellites,
    ({ energy, crosslinks }) => energy.camera + energy.compute + energy.radio + (crosslinks?.energy ?? 0),
  );

const withoutUpsets = (run: JudgedRun, calm: JudgedRun): UpsetSummary["without"] => {
  const { rawFoundFraction, policyConfirmedFraction, identical } = summariseAgreement(
    ofSchedule(calm.run, calm.detections),
    ofSchedule(run.run, run.detections),
    ofSchedule(run.run, run.run.plan.acquisitions).map(({ scene }) => scene),
  );
  return {
    identical,
    foundFraction: rawFoundFraction,
    confirmedFraction: policyConfirmedFraction,
    detections: sumOf(calm.detections, ({ length }) => length),
    ap50FromThreshold: calm.ap50FromThreshold,
    computeSeconds: computed(calm.run.satellites),
    energyJoules: spent(calm.run.satellites),
  };
};

/** The effects of upsets under a policy; `undefined` for a run without upsets. `calm`: the same run without upsets, if there was one. */
export const upsetsOf = (judged: JudgedRun, calm: JudgedRun | null): UpsetSummary | undefined => {
  const { plan, satellites } = judged.run;
  if (plan.upsets === null) return undefined;
  const { factor, protection, scrubEvery } = plan.upsets;
  const records = satellites.flatMap(({ acquisitions }) =>
    acquisitions.flatMap(({ upsets }) => upsets ?? []),
  );
  const protectionSeconds = sumOf(records, (record) => record.protectionSeconds);
  return {
    factor,
    protection,
    scrubSeconds: scrubEvery,
    weightUpsets: sumOf(records, ({ weights }) => weights),
    tileUpsets: sumOf(records, ({ tiles }) => tiles),
    corrected: sumOf(records, ({ corrected }) => corrected),
    reloads: sumOf(records, ({ reloads }) => reloads),
    lostTiles: sumOf(records, ({ lostTiles }) => lostTiles),
    computeSeconds: computed(satellites),
    protectionSeconds,
    protectionJoules: protectionSeconds * workingPower(plan.spacecraft.computer),
    memoryFactor: costOf(protection).memory,
    without: calm === null ? null : withoutUpsets(judged, calm),
  };
};
