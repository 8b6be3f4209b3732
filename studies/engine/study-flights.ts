import { formatCountOf } from "../../pipeline/format.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import type { RunClaim } from "../../pipeline/bus/run-lease.ts";
import { deleteRun } from "../../pipeline/bus/run-streams.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import type { UpsetPlan } from "../../pipeline/mission/upset-plan.ts";
import type { Seconds } from "../../pipeline/units.ts";
import type { KeptFlight, KeptFlights } from "../folder/kept-flights.ts";
import type { StudyPorts } from "../progress.ts";
import type { MissionRecorder } from "../record/mission-recorder.ts";
import type { RunCommand } from "../scenario.ts";
import type { BusSession } from "./bus-session.ts";
import { publishAgain } from "./flight-again.ts";
import { calmOf, executeCalm, executePolicy, type FlownPolicy, planOf } from "./policy-execution.ts";
import type { Stage } from "./prepared-run.ts";

/** One flight of a study: a policy, and what particles do to it. */
export interface PlannedFlight {
  /** Its label names the run on the bus, its folder and its row; no two flights share one. */
  readonly policy: Policy;
  readonly upsets: UpsetPlan | null;
  /** What the command shows while it flies. */
  readonly title: string;
  /** What the flight without upsets that it is compared with is called: flown once for all that name it. */
  readonly quietTitle: string;
}

/** What is flown, and what it is called. */
export interface RunStudy {
  readonly command: RunCommand;
  readonly flights: readonly PlannedFlight[];
  /** Policies and protections as options have them: part of the run's name and of its configuration. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** Whose lossless sizes all are measured against: `raw` where it is asked for, else the first. */
export const measuredFlight = (flights: readonly PlannedFlight[]): PlannedFlight =>
  flights.find(({ policy }) => policy.name === "raw") ?? (flights[0] as PlannedFlight);

/** What the user has to start elsewhere, said in full. */
const howToJoin = (id: string, { base }: Stage): string =>
  [
    `waiting for ${formatCountOf(base.satellites.length, "satellite")} and ${formatCountOf(base.stations.length, "station")} of run ${id}:`,
    ...base.satellites.map((satellite) => `  swath satellite ${satellite} --run ${id} --nats URL`),
    ...base.stations.map((station) => `  swath station ${station.id} --run ${id} --nats URL`),
  ].join("\n");

/** What flights need besides the stage. */
export interface FlightGround {
  /** The run's name: those of its flights begin with it. */
  readonly runId: string;
  readonly recorder: MissionRecorder;
  readonly kept: KeptFlights;
  readonly place: Pick<BusSession, "bus" | "guard" | "nodes"> & {
    readonly claim: RunClaim;
    readonly external: boolean;
    /** How long the server and nodes elsewhere may be silent. */
    readonly wait: Seconds;
  };
  readonly ports: StudyPorts;
}

/** What the flights of a study came to. */
export interface FlownFlights {
  /** In their order. */
  readonly runs: readonly PolicyRun[];
  /** By a policy's label: the flight without upsets that it is compared with. */
  readonly calm: ReadonlyMap<string, PolicyRun>;
}

/** Flies what is planned, one after the other; what an earlier start has flown is taken from there. The first failure is thrown. */
export const flyAll = async (
  stage: Stage,
  flights: readonly PlannedFlight[],
  { runId, recorder, kept, place, ports: { progress, signal } }: FlightGround,
): Promise<FlownFlights> => {
  const { bus, claim, guard, nodes, external, wait } = place;
  const measured = measuredFlight(flights);
  const acquisitions = stage.base.acquisitions.length;
  const { scenes } = stage.dataset;
  const isCommanded = stage.base.orders?.open === true;
  const take = async (name: string, flown: FlownPolicy): Promise<KeptFlight | null> => {
    // What was ordered in flight is in no option: such a flight is flown anew.
    if (isCommanded) return null;
    const found = await kept.take(name, { plan: planOf(stage, flown), scenes });
    if (found !== null) progress.note(`${name} was flown by an earlier start: taken from there`);
    return found;
  };
  const shared = { external, nodes, wait, progress, signal };
  const flyOne = async ({ policy, title }: PlannedFlight, flown: FlownPolicy): Promise<PolicyRun> => {
    const earlier = await take(title, flown);
    if (earlier !== null) {
      const { run, record } = earlier;
      if (record !== null) recorder.restore(policy.label, record, run.chips);
      await guard(() => publishAgain(bus, claim, nodes, run, stage.model.info.classes));
      return run;
    }
    progress.begin(title, acquisitions);
    if (external) progress.note(howToJoin(flown.runId, stage));
    const options = { ...shared, ...flown, recorder: recorder.begin(policy.label) };
    const run = await guard(() => executePolicy(stage, bus, claim, options));
    progress.end();
    if (!isCommanded) await kept.keep(title, { run, record: recorder.closed(policy.label) });
    return run;
  };
  const flyCalm = async ({ quietTitle }: PlannedFlight, flown: FlownPolicy): Promise<PolicyRun> => {
    const earlier = await take(quietTitle, calmOf(flown));
    if (earlier !== null) return earlier.run;
    progress.begin(quietTitle, acquisitions);
    const run = await guard(() => executeCalm(stage, bus, claim, { ...shared, ...flown }));
    progress.end();
    if (!isCommanded) await kept.keep(quietTitle, { run, record: null });
    return run;
  };

  const runs: PolicyRun[] = [];
  const quiet = new Map<string, PolicyRun>();
  const calm = new Map<string, PolicyRun>();
  for (const flight of flights) {
    const { policy, upsets, quietTitle } = flight;
    const id = `${runId}-${policy.label}`;
    const flown = { runId: id, policy, upsets, measureLossless: flight === measured };
    runs.push(await flyOne(flight, flown));
    // Subscribers may still want the results; the rest has done its work, and `raw` can be large.
    await deleteRun(bus, claim.busRun(id), ["result"]);
    // Nodes elsewhere are there for the run that was asked for.
    if (upsets === null || external) continue;
    const still = quiet.get(quietTitle) ?? (await flyCalm(flight, flown));
    quiet.set(quietTitle, still);
    calm.set(policy.label, still);
  }
  return { runs, calm };
};
