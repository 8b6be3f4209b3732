import { formatCountOf } from "../../pipeline/format.ts";
import { readFile } from "node:fs/promises";
import { rateAtStations } from "../../pipeline/link/rate/link-rate.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { planContacts, requireContacts } from "../../planning/contacts/contact-plan.ts";
import { streamContacts } from "../../planning/contacts/contact-stream.ts";
import { openPassSearch } from "../plan-search.ts";
import { requireMemory, simulationMemory } from "../engine/memory.ts";
import { imagersOf } from "../engine/imagers.ts";
import { planImaging } from "../../planning/imaging-plan.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { degrees, formatInstant, instant, later, seconds, type Instant } from "../../pipeline/units.ts";
import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { startMeshPlanning } from "./mesh-planning.ts";
import { parseOutage } from "../../pipeline/quantity.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { drawnScene, planFleetOrders } from "./fleet-orders.ts";
import { planFleetTenancy } from "./fleet-tenancy.ts";
import { requireKnownStations, type SimulationScenario } from "../scenario.ts";

/** Daylight good enough for optical imagery. */
const lowestSun = degrees(10);

/** So many satellites and more are planned in a stream: the same plan in less memory. */
const streamedFrom = 5_000;

/** The shortest cadence of a satellite, s. */
const fastest = 0.5;

const readText = (path: string): Promise<string> => readFile(path, "utf8");

const earliestTaken = ({ entries }: SimulationScenario): Instant =>
  instant(Math.min(...entries.map(({ taken }) => taken?.at ?? Infinity)));

const recordedBy = (
  { entries, workload }: SimulationScenario,
  satellites: readonly Satellite[],
  from: Instant,
  to: Instant,
): readonly Acquisition[] => {
  const known = new Set(satellites.map(({ id }) => id));
  return entries.map(({ taken, scene }, index) => {
    const { satellite, at } = taken as NonNullable<typeof taken>;
    if (known.has(satellite) && at >= from && at <= to) return { index, satellite, at, scene };
    throw new SwathError("config", {
      what: `--schedule recorded: acquisition ${index} of ${workload.name}`,
      wanted: `a satellite of this constellation, between ${formatInstant(from)} and ${formatInstant(to)}`,
      got: `${satellite} at ${formatInstant(at)}`,
      hint: "give the constellation and the horizon of that run",
    });
  });
};

const schedule = (
  scenario: SimulationScenario,
  satellites: readonly Satellite[],
  from: Instant,
  to: Instant,
): readonly Acquisition[] => {
  if (scenario.schedule === "recorded") return recordedBy(scenario, satellites, from, to);
  const { seed, images, cadence } = scenario;
  const sunAbove = scenario.schedule === "daylight" ? lowestSun : null;
  // Twice as dense as requested: by day alone about half of them remain, and the rest is thinned out evenly.
  const every = cadence ?? seconds(((to - from) * satellites.length) / ((images as number) * 4));
  if (every < fastest) {
    const most = Math.floor(((to - from) * satellites.length) / (4 * fastest));
    throw new SwathError("config", {
      what: cadence === null ? `--images ${images}` : "--cadence",
      wanted: cadence === null ? `at most ${most} over this horizon` : `at least ${fastest}s`,
      got: cadence === null ? `${images}` : `${cadence}s`,
    });
  }
  const all = planImaging(satellites, from, to, { every, sunAbove, seed });
  const wanted = images ?? all.length;
  if (all.length < wanted) {
    throw new SwathError("config", {
      what: `--images ${wanted}`,
      wanted: `at most ${all.length}, as many as satellites see by day`,
      got: `${wanted}`,
      hint: "take --schedule always",
    });
  }
  const kept = Array.from({ length: wanted }, (_, n) => all[Math.floor((n * all.length) / wanted)]);
  return kept.map((one, index) => ({ ...(one as NonNullable<typeof one>), index, scene: drawnScene }));
};

/** Said before hours of work: what does not fit this machine. Throws `SwathError("config")`. */
const requireRoom = (
  { horizon, cadence, images, schedule: rule, crosslinks, entries }: SimulationScenario,
  satellites: number,
): void => {
  const isMesh = crosslinks !== "none";
  // By day alone about half of them remain.
  const byCadence =
    cadence === null ? (images ?? 0) : (horizon / cadence) * satellites * (rule === "daylight" ? 0.6 : 1);
  const acquisitions = rule === "recorded" ? entries.length : byCadence;
  const need = simulationMemory({ satellites, acquisitions, isMesh });
  requireMemory({
    what: `a simulation of ${formatCountOf(satellites, "satellite")}${isMesh ? " with crosslinks" : ""}`,
    bytes: need,
    onHeap: need,
    hint: `fly fewer satellites or hours${isMesh ? ", or without --crosslinks" : ""}`,
  });
};

/** Everything that the satellites of a simulation must know, computed the same wherever it is computed. */
export const planSimulation = async (
  scenario: SimulationScenario,
  signal: AbortSignal,
  /** Gets a line of text for each orbit or station that is left out or doubtful. */
  onNote: (text: string) => void = () => {},
): Promise<SimulationPlan> => {
  const { spacecraft, workload, entries, seed } = scenario;
  const isUndated = scenario.schedule === "recorded" && scenario.recordedFrom === null;
  const start = scenario.start ?? (isUndated ? earliestTaken(scenario) : null);
  const satellites = await resolveConstellation(scenario.constellation, readText, {
    ...(start === null ? {} : { epoch: start }),
    onNote,
  });
  const stations = await resolveStations(scenario.stations, readText, { onNote });
  const from =
    start ??
    scenario.recordedFrom ??
    instant(satellites.reduce((newest, { epoch }) => Math.max(newest, epoch), -Infinity));
  const to = later(from, scenario.horizon);
  requireRoom(scenario, satellites.length);
  await using crosslinks = startMeshPlanning({
    topology: scenario.crosslinks,
    terminals: scenario.spacecraft.crosslink,
    seed,
    epoch: scenario.epoch,
    offload: scenario.offload,
    satellites,
    from,
    to,
  });
  const request = { satellites, stations, radio: spacecraft.radio, from, to, signal };
  const contacts = requireContacts(
    satellites.length < streamedFrom
      ? planContacts(request)
      : await streamContacts(request, openPassSearch(0)),
  );
  const acquisitions = schedule(scenario, imagersOf(satellites, scenario.imagers), from, to);
  const { protection, tenants } = scenario;
  const base = { satellites, spacecraft, contacts, protection, acquisitions };
  const ordered =
    scenario.orders === null
      ? null
      : await planFleetOrders(scenario.orders, tenants?.tenants.map(({ id }) => id) ?? null, base, onNote);
  const flown = {
    ...base,
    acquisitions: [...acquisitions, ...(ordered?.acquisitions ?? [])],
    ...(ordered === null ? {} : { orders: ordered.orders }),
    mesh: await crosslinks.plan(),
    workload: { computer: workload.computer, precision: workload.precision },
    entries,
    inOrder: scenario.schedule === "recorded",
  };
  return {
    seed,
    stations,
    ...flown,
    ...(tenants === null ? {} : { tenancy: planFleetTenancy(tenants, flown, onNote) }),
    rate: rateAtStations(scenario.rate, stations),
    errors: requireKnownStations(
      {
        bitErrorRate: scenario.bitErrorRate,
        segmentLossRate: scenario.segmentLossRate,
        outages: scenario.outages.map((outage) => parseOutage(outage, from)),
      },
      stations,
    ),
  };
};
