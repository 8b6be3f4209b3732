import { createHash } from "node:crypto";
import type { AnyCard } from "../../models/card/card.ts";
import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { mapOrdered } from "../../pipeline/streams.ts";
import type { FileDigest } from "../../datasets/dataset.ts";
import type { RunCommand, SimulationScenario } from "../scenario.ts";
import type { Stage } from "./prepared-run.ts";

/** What a run's name follows from: all that is read, by content, never by where it lies. The same identity, the same results. */
export interface RunIdentity {
  /** `replay-3f2a91c0`: also its folder. */
  readonly run: string;
  /** Of all below; the name has its beginning. */
  readonly sha256: string;
  /** What was read, and the digest of each. */
  readonly reads: Readonly<Record<string, string>>;
  /** The files of the scenes that are seen. */
  readonly files: Readonly<Record<string, readonly FileDigest[]>>;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const digestOf = (value: unknown): string => sha256(JSON.stringify(value));

/** A name of this text: the same text, the same name. */
export const nameOf = (kind: string, text: string): string => `${kind}-${sha256(text).slice(0, 8)}`;

/** An identity of what is read by kind, and of files. */
export const identityFrom = (
  kind: string,
  reads: RunIdentity["reads"],
  files: RunIdentity["files"],
): RunIdentity => {
  const whole = digestOf([kind, reads, files]);
  return { run: `${kind}-${whole.slice(0, 8)}`, sha256: whole, reads, files };
};

/** Files are read one after the other within a scene. */
const scenesAtOnce = 4;

/** The scenes that are seen, in the order in which they are taken. */
export const seenScenes = ({ base }: Stage): readonly string[] => [
  ...new Set(base.acquisitions.map(({ scene }) => scene)),
];

/** Digests of the files of these scenes: every one of them is read once. */
export const digestScenes = async (
  { dataset }: Stage,
  scenes: readonly string[],
  signal: AbortSignal,
): Promise<RunIdentity["files"]> => {
  const found: Record<string, readonly FileDigest[]> = {};
  const read = mapOrdered(scenes.toSorted(), scenesAtOnce, async (scene) => ({
    scene,
    digests: await dataset.digests(scene, signal),
  }));
  for await (const { scene, digests } of read) found[scene] = digests;
  return found;
};

/** What a run reads besides the files of its scenes, and the digest of each. */
export const readsOf = (stage: Stage, chosen: Readonly<Record<string, string>>): RunIdentity["reads"] => {
  const { scenario, dataset, base, labels } = stage;
  const card: AnyCard = stage.model.card;
  return {
    options: digestOf([scenario.options, chosen]),
    scenes: digestOf([dataset.name, dataset.scenes]),
    labels: digestOf([[...labels], [...stage.judged].toSorted()]),
    model: digestOf([base.modelSha256, card]),
    screening: digestOf(base.screening),
    orbits: digestOf(base.orbits),
    stations: digestOf(base.stations),
    spacecraft: digestOf(base.spacecraft),
    ...(base.orders === undefined ? {} : { orders: digestOf(base.orders) }),
    ...(base.tenancy === undefined ? {} : { tenants: digestOf([base.tenancy, scenario.tenants]) }),
    ...(base.workloads === undefined ? {} : { workloads: digestOf(base.workloads) }),
  };
};

/**
 * Who a run is: its options, and the content of the scenes, labels, model, orbits, stations and spacecraft that it reads. A signed address
 * that is signed again is the same run; a file replaced under its name is another. Reads every file of every scene that is seen once.
 */
export const identifyRun = async (
  command: RunCommand,
  stage: Stage,
  chosen: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RunIdentity> =>
  identityFrom(command, readsOf(stage, chosen), await digestScenes(stage, seenScenes(stage), signal));

/** Who a simulation is: its options, and the content of the workload, orbits, stations and spacecraft that it reads. */
export const identifyFleet = (scenario: SimulationScenario, plan: SimulationPlan): RunIdentity => {
  const { options, spacecraft, workload, policy, recordedFrom } = scenario;
  return identityFrom(
    "simulate",
    {
      options: digestOf([options, policy]),
      workload: digestOf([workload, recordedFrom]),
      orbits: digestOf(plan.satellites),
      stations: digestOf(plan.stations),
      spacecraft: digestOf(spacecraft),
      ...(plan.orders === undefined ? {} : { orders: digestOf(plan.orders) }),
      ...(plan.tenancy === undefined ? {} : { tenants: digestOf([plan.tenancy, scenario.tenants]) }),
    },
    {},
  );
};
