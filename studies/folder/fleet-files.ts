import { protectionSummary } from "../../measure/summary/protection-summary.ts";
import { stringify as toYaml } from "yaml";
import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import {
  stringifyFleetSummary,
  type FleetSummary,
  type FlightSummary,
  fleetSummaryVersion,
} from "../../measure/summary/fleet-summary.ts";
import type { FleetPlaces } from "../../measure/report/fleet/fleet-map.ts";
import { orbitalPeriod } from "../../pipeline/orbit/propagator.ts";
import { groundTrack } from "../engine/ground-track.ts";
import type { SigningKey } from "../../pipeline/keys/nkey.ts";
import { billOfFleet, type FleetBill } from "../tenancy/fleet-bill.ts";
import { tagFiles } from "./run-tags.ts";
import { encodeFleetParquet } from "./satellite-parquet.ts";
import { type RunFile, writeRunFolder } from "../../pipeline/atomic-folder.ts";
import { renderFleetReport } from "../../measure/report/fleet-report.ts";
import type { FlightName, FleetRecord } from "../../measure/fleet/fleet-record.ts";
import type { SimulationScenario } from "../scenario.ts";
import { linkAssumptions } from "../engine/link-assumptions.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import { identityFile, requireOwnFolder } from "./identity-file.ts";
import { formatInstant, instant, type Instant } from "../../pipeline/units.ts";
import { describeRate } from "../../pipeline/link/rate/link-rate-text.ts";
import { unknownVerdicts, type Verdicts } from "../../measure/summary/verdict-summary.ts";
import { sumOf } from "../../measure/statistics.ts";
import { summariseOrders } from "../../measure/run/orders.ts";
import { summariseFlight } from "../../measure/fleet/fleet-flight.ts";

/** The records of each flight, in the order of the constellation. */
export type FlownFleet = ReadonlyMap<FlightName, readonly FleetRecord[]>;

/** The verdicts on each flight. */
export type FleetVerdicts = ReadonlyMap<FlightName, Verdicts>;

/** What became of the orders of a flight; nothing in a mission without. */
const fleetOrders = (
  { orders, acquisitions }: SimulationPlan,
  records: readonly FleetRecord[],
): Pick<FlightSummary, "orders"> => {
  if (orders === undefined) return {};
  const landed = new Map<number, Instant>();
  // With crosslinks several satellites deliver of one acquisition.
  for (const [acquisition, at] of records.flatMap((record) => record.ordered ?? []))
    landed.set(acquisition, instant(Math.min(at, landed.get(acquisition) ?? Infinity)));
  return {
    orders: summariseOrders({
      plan: orders,
      books: records.flatMap((record) => record.orders ?? []),
      takenAt: (image) => acquisitions[image]?.at ?? null,
      landedAt: (image) => landed.get(image) ?? null,
    }),
  };
};

const tenancyPart = (tenancy: FlightSummary["tenancy"]): Pick<FlightSummary, "tenancy"> =>
  tenancy === undefined ? {} : { tenancy };

/** What a simulation came to. */
export const summariseFleet = (
  scenario: SimulationScenario,
  plan: SimulationPlan,
  fleet: FlownFleet,
  verdicts: FleetVerdicts,
  runId: string,
  bill: FleetBill | null = null,
): FleetSummary => {
  const { workload, policy, entries, crosslinks, epoch } = scenario;
  const { contacts, from, to } = plan.contacts;
  const stations = plan.stations.map(({ id }) => id);
  return {
    schema: fleetSummaryVersion,
    runId,
    seed: scenario.seed,
    options: scenario.options,
    workload: {
      name: workload.name,
      declared: workload.declared,
      source: workload.source ?? null,
      policy,
      model: workload.model,
      precision: workload.precision,
      entries: entries.length,
      tokens:
        workload.tokens === undefined
          ? null
          : {
              weightsBytes: workload.tokens.weights,
              perImage: workload.tokens.perImage,
              perSecond: workload.tokens.perSecond,
              boundBy: workload.tokens.boundBy,
            },
    },
    constellation: {
      spec: scenario.constellation,
      spacecraft: plan.spacecraft.name,
      satellites: plan.satellites.length,
    },
    stations,
    assumptions: [...linkAssumptions({ ...plan, groundOpsPerSecond: null })],
    horizon: { from: formatInstant(from), to: formatInstant(to) },
    link: {
      description: describeRate(scenario.rate),
      bitErrorRate: scenario.bitErrorRate,
      segmentLossRate: scenario.segmentLossRate,
      ...protectionSummary(scenario.protection),
    },
    storeBytes: plan.spacecraft.store.capacity,
    contacts: { planned: contacts.length, totalSeconds: sumOf(contacts, ({ aos, los }) => los - aos) },
    crosslinks:
      plan.mesh === null || crosslinks === "none"
        ? null
        : { topology: crosslinks, planned: plan.mesh.crosslinks.links.length, epochSeconds: epoch },
    flights: [...fleet].map(([flight, records]) => ({
      ...summariseFlight(
        records,
        flight === "mesh",
        stations,
        verdicts.get(flight) ?? unknownVerdicts("not judged"),
        plan.protection,
      ),
      ...fleetOrders(plan, records),
      ...tenancyPart(bill?.tenancyOf(flight)),
    })),
  };
};

/** What a simulation leaves a command with. */
export interface SimulationResult {
  readonly summary: FleetSummary;
  /** Folder of the run, with `report.html` and `summary.json`. */
  readonly folder: string;
}

/** What the files of a simulation are written from. */
export interface FinishedFleet {
  readonly scenario: SimulationScenario;
  readonly plan: SimulationPlan;
  readonly identity: RunIdentity;
  readonly runFolder: string;
  readonly fleet: FlownFleet;
  readonly verdicts: FleetVerdicts;
  /** Its mission record; empty where it has none. */
  readonly mission: readonly RunFile[];
  readonly tags: readonly string[];
  /** Signs the ledger of a mission with tenants; `null`: a key that follows from the run. */
  readonly signing: SigningKey | null;
}

/** Where the fleet is heard, and the first orbit of its first satellite. */
const placesOf = ({ satellites, stations, contacts: { from } }: SimulationPlan): FleetPlaces | null => {
  const [first] = satellites;
  return first === undefined
    ? null
    : { stations, satellite: first.id, track: groundTrack(first, from, from + orbitalPeriod(first)) };
};

/** The requested flight is `satellites`; where there are crosslinks, the one without stands beside it. */
const parquetOf = (flight: FlightName, flights: number): string =>
  flight === "direct" && flights > 1 ? "satellites-direct.parquet" : "satellites.parquet";

/** Writes everything that a simulation leaves: summary, report, configuration, and its satellites as Parquet. */
export const writeFleet = async ({
  scenario,
  plan,
  identity,
  runFolder,
  fleet,
  verdicts,
  mission,
  tags,
  signing,
}: FinishedFleet): Promise<SimulationResult> => {
  const tokens = scenario.workload.tokens?.perImage ?? 0;
  const bill = billOfFleet(scenario.tenants, plan, fleet, tokens, { identity, signing });
  const summary = summariseFleet(scenario, plan, fleet, verdicts, identity.run, bill);
  const configuration = toYaml(scenario.options);
  const report = renderFleetReport({
    summary,
    flights: [...fleet.values()],
    places: placesOf(plan),
    notes: scenario.notes,
    reproduce: { command: `swath simulate --config simulation.yaml`, configuration },
  });
  await requireOwnFolder(runFolder, identity);
  await writeRunFolder(runFolder, [
    { path: "summary.json", content: stringifyFleetSummary(summary) },
    { path: "report.html", content: report },
    { path: "simulation.yaml", content: configuration },
    identityFile(identity),
    ...[...fleet].map(([flight, records]) => ({
      path: parquetOf(flight, fleet.size),
      content: encodeFleetParquet(records.map(({ row }) => row)),
    })),
    ...(bill === null ? [] : [{ path: "ledger.jsonl", content: bill.ledger }]),
    ...mission,
    ...tagFiles(runFolder, tags),
  ]);
  return { summary, folder: runFolder };
};
