import { framingOf } from "../../pipeline/link/frames/framed-size.ts";
import type { RunFile } from "../../pipeline/atomic-folder.ts";
import type { CentreLog } from "../../pipeline/mission/centre-log.ts";
import { type FlightLog, sampleEvery } from "../../pipeline/mission/flight-log.ts";
import { type MissionHead, type MissionPolicy, missionVersion } from "../../pipeline/mission/mission-head.ts";
import { bodySamples } from "./body-samples.ts";
import { chipRows, flightRows, landingRow, publicationRows, waitRow } from "./fact-rows.ts";
import { partsOf, type WrittenPart } from "./mission-parts.ts";
import { numberingOf, planParts, type PlanSource } from "./mission-plan.ts";
import { formatInstant } from "../../pipeline/units.ts";
import { policyRows } from "./policy-rows.ts";

/** What is flown under one policy, as the head has it before it begins. */
export type PlannedPolicy = Pick<MissionPolicy, "label" | "name" | "sends" | "where">;

/** The head of a record, but for what follows from its plan and grows with its policies. */
export type RecordTitle = Omit<
  MissionHead,
  "schema" | "state" | "failure" | "revision" | "horizon" | "satellites" | "framing" | "plan" | "policies"
>;

/** Writes down one policy while it is flown. */
export interface PolicyRecorder {
  readonly flight: (satellite: string) => FlightLog;
  readonly centre: CentreLog;
  /** Nothing more comes. */
  readonly close: () => void;
}

/** Writes down a run. Nothing of the run depends on it. */
export interface MissionRecorder {
  /** One of the policies of the title begins. */
  readonly begin: (label: string) => PolicyRecorder;
  /** The complete record, once all policies are closed; paths begin with `mission/`. */
  readonly files: () => readonly RunFile[];
}

interface Flown {
  readonly parts: Pick<MissionPolicy, "events" | "detections" | "body">;
  readonly files: readonly RunFile[];
}

const folder = "mission/";

/** Begins the record of a run. */
export const openMissionRecorder = (
  title: RecordTitle,
  source: PlanSource,
  policies: readonly PlannedPolicy[],
): MissionRecorder => {
  const { from, to } = source.contacts;
  const horizon = to - from;
  const numbering = numberingOf(source);
  const planned = planParts(source);
  const framing = framingOf(source.protection);
  const flown = new Map<string, Flown>();

  const begin = (label: string): PolicyRecorder => {
    const rows = policyRows();
    const minutes = Math.floor(horizon / sampleEvery) + 1;
    const samples = bodySamples(source.satellites.length, minutes);
    return {
      flight(satellite) {
        const place = numbering.satellite(satellite);
        return {
          tell(fact) {
            for (const row of flightRows(numbering, satellite, fact)) rows.add(row);
          },
          sample: (minute, charge, temperature) => samples.add(place, minute, charge, temperature),
          stoodStill: (wait) => rows.add(waitRow(numbering, satellite, wait)),
          through: () => undefined,
        };
      },
      centre: {
        landed: (satellite, product, arrival) => rows.add(landingRow(numbering, satellite, product, arrival)),
        published(landed) {
          for (const row of publicationRows(numbering, landed)) rows.add(row);
        },
        chips(acquisition, arrival, chips) {
          for (const row of chipRows(numbering, acquisition, arrival, chips)) rows.add(row);
        },
      },
      close() {
        rows.settle("events", Infinity);
        rows.settle("detections", Infinity);
        const events = partsOf(label, "events", rows.tablesOf("events"), rows.texts);
        const detections = partsOf(label, "detections", rows.tablesOf("detections"), rows.texts);
        const body = samples.parts(label, 0, samples.minutes, 0);
        const partOf = ({ part }: WrittenPart) => part;
        flown.set(label, {
          parts: { events: events.map(partOf), detections: detections.map(partOf), body: body.map(partOf) },
          files: [...events, ...detections, ...body].map(({ file }) => file),
        });
      },
    };
  };

  const policyOf = (policy: PlannedPolicy): MissionPolicy => {
    const done = flown.get(policy.label);
    const through = done === undefined ? 0 : horizon;
    return {
      ...policy,
      state: done === undefined ? "ahead" : "flown",
      through_s: through,
      published_through_s: through,
      body_through_s: through,
      ...(done?.parts ?? { events: [], detections: [], body: [] }),
    };
  };

  const head = (): MissionHead => ({
    schema: missionVersion,
    ...title,
    state: "finished",
    failure: null,
    revision: 0,
    horizon: { from: formatInstant(from), to: formatInstant(to), epoch_s: from, length_s: horizon },
    satellites: source.satellites.map(({ id }) => id),
    framing: { bytes: framing.bytes, holds: framing.holds, per_product: framing.perProduct },
    plan: planned.plan,
    policies: policies.map(policyOf),
  });

  return {
    begin,
    files: () =>
      [
        { path: "head.json", content: `${JSON.stringify(head())}\n` },
        ...planned.files,
        ...[...flown.values()].flatMap(({ files }) => files),
      ].map(({ path, content }) => ({ path: `${folder}${path}`, content })),
  };
};
