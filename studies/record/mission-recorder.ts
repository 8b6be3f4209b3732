import type { RunFile } from "../../pipeline/atomic-folder.ts";
import { framingOf } from "../../pipeline/link/frames/framed-size.ts";
import { type MissionHead, missionVersion } from "../../pipeline/mission/mission-head.ts";
import { formatInstant } from "../../pipeline/units.ts";
import { numberingOf, planParts, type PlanSource } from "./mission-plan.ts";
import {
  openPolicyRecorder,
  type PlannedPolicy,
  type PolicyParts,
  type PolicyRecorder,
} from "./policy-recorder.ts";
import type { RecordSink } from "./record-sink.ts";

/** The head of a record, but for what follows from its plan and grows with its policies. */
export type RecordTitle = Omit<
  MissionHead,
  "schema" | "state" | "failure" | "revision" | "horizon" | "satellites" | "framing" | "plan" | "policies"
>;

/** One policy of a record, complete. */
export interface ClosedPolicy {
  readonly files: readonly RunFile[];
  readonly parts: PolicyParts;
}

/** Writes down a run. Nothing of the run depends on it. */
export interface MissionRecorder {
  /** One of the policies of the title begins. */
  readonly begin: (label: string) => PolicyRecorder;
  /** What a policy that is closed came to; `null`: it is not. */
  readonly closed: (label: string) => ClosedPolicy | null;
  /** One of the policies was flown by an earlier start; `pictures` are for those who watch. */
  readonly restore: (label: string, closed: ClosedPolicy, pictures: readonly RunFile[]) => void;
  /** The complete record, once all policies are closed; paths begin with `mission/`. */
  readonly files: () => readonly RunFile[];
  /** All policies are closed: those who watch from elsewhere have the record. */
  readonly complete: () => Promise<void>;
  /** The run failed: what it had come to is kept where it grew, and says why. */
  readonly fail: (reason: string) => Promise<void>;
  /** The run is written, or nobody wants what it had come to: nothing stays where it grew. */
  readonly discard: () => Promise<void>;
}

const folder = "mission/";

/** Of a finished record. */
const finishedRevision = 2 ** 31 - 1;

/** Not begun. */
const ahead: PolicyParts = {
  state: "ahead",
  through_s: 0,
  published_through_s: 0,
  body_through_s: 0,
  events: [],
  detections: [],
  body: [],
};

/** Begins the record of a run; `sink`: where it grows while the run is at work, `null`: nowhere. */
export const openMissionRecorder = (
  title: RecordTitle,
  source: PlanSource,
  policies: readonly PlannedPolicy[],
  sink: RecordSink | null,
): MissionRecorder => {
  const { from, to } = source.contacts;
  const horizon = to - from;
  const numbering = numberingOf(source);
  const satellites = source.satellites.map(({ id }) => id);
  const planned = planParts(source);
  const framing = framingOf(source.protection);
  const states = new Map<string, PolicyParts>();
  const complete = new Map<string, ClosedPolicy>();
  let revision = 0;

  const headOf = (state: MissionHead["state"], failure: string | null): MissionHead => ({
    schema: missionVersion,
    ...title,
    state,
    failure,
    revision,
    horizon: { from: formatInstant(from), to: formatInstant(to), epoch_s: from, length_s: horizon },
    satellites,
    framing: { bytes: framing.bytes, holds: framing.holds, per_product: framing.perProduct },
    plan: planned.plan,
    policies: policies.map((policy) => ({ ...policy, ...(states.get(policy.label) ?? ahead) })),
  });

  const tell = (files: readonly RunFile[]): void => {
    revision++;
    sink?.put(files, headOf("at work", null));
  };
  tell(planned.files);

  const close = (label: string, files: readonly RunFile[], parts: PolicyParts): void => {
    states.set(label, parts);
    complete.set(label, { files: files.filter(({ path }) => path.endsWith(".bin")), parts });
    tell(files);
  };

  return {
    begin(label) {
      const policy = policies.find((one) => one.label === label) as PlannedPolicy;
      states.set(label, { ...ahead, state: "at work" });
      tell([]);
      return openPolicyRecorder({
        policy,
        numbering,
        satellites,
        horizon,
        onGrown:
          sink === null
            ? null
            : (files, parts) => {
                states.set(label, parts);
                tell(files);
              },
        onClosed: (files, parts) => close(label, files, parts),
      });
    },
    closed: (label) => complete.get(label) ?? null,
    restore(label, { files, parts }, pictures) {
      const shown = pictures.map(({ path, content }) => ({ path: `${label}/${path}`, content }));
      close(label, [...files, ...shown], parts);
    },
    files: () => {
      // Of the same run always the same, and later than all that was told while it was at work.
      revision = finishedRevision;
      const head = { path: "head.json", content: `${JSON.stringify(headOf("finished", null))}\n` };
      const flown = policies.flatMap(({ label }) => complete.get(label)?.files ?? []);
      return [head, ...planned.files, ...flown].map(({ path, content }) => ({
        path: `${folder}${path}`,
        content,
      }));
    },
    async complete() {
      await sink?.complete({ ...headOf("finished", null), revision: finishedRevision });
    },
    async fail(reason) {
      revision++;
      for (const [label, parts] of states)
        if (parts.state === "at work") states.set(label, { ...parts, state: "failed" });
      sink?.put([], headOf("failed", reason));
      await sink?.settled();
    },
    async discard() {
      await sink?.remove();
    },
  };
};
