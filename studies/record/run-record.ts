import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { TenancyPlan } from "../../pipeline/mission/tenancy-plan.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { describeRate } from "../../pipeline/link/rate/link-rate-text.ts";
import { codecOf, productKinds } from "../../pipeline/product/product.ts";
import { policies as known } from "../../operators/policies/registry.ts";
import { publishedFigures } from "../inputs/spacecraft-file.ts";
import type { RunCommand } from "../scenario.ts";
import type { Stage } from "../engine/prepared-run.ts";
import { scheduleOf } from "../folder/provenance.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import type { RecordSink } from "./record-sink.ts";
import { type MissionRecorder, openMissionRecorder } from "./mission-recorder.ts";

/** The spacecraft, as far as a page shows it. */
export const spacecraftHead = ({
  name,
  computer,
  store,
  power,
  heat,
  crosslink,
}: Spacecraft): MissionHead["spacecraft"] => {
  const figures = publishedFigures(name);
  return {
    name,
    published_figures: figures?.published ?? null,
    figures: figures?.figures ?? null,
    computer: computer.name,
    store_bytes: store.capacity,
    battery: power && {
      capacity_j: power.battery.capacity,
      floor: power.battery.floor,
      initial: power.battery.initial,
    },
    heat: heat && { slows_from_k: heat.throttleFrom, stops_at_k: heat.stopAt },
    terminals: crosslink && {
      count: crosslink.terminals,
      rate_bits_per_s: crosslink.rate,
      max_range_m: crosslink.maxRange,
    },
  };
};

/** Stations, as a page draws them. */
export const stationHead = (station: GroundStation): MissionHead["stations"][number] => ({
  id: station.id,
  name: station.name,
  longitude_deg: station.longitude,
  latitude_deg: station.latitude,
  altitude_m: station.altitude,
  min_elevation_deg: station.minElevation,
  horizon: station.horizon?.map(({ azimuth, elevation }) => [azimuth, elevation] as const) ?? null,
  antennas: station.antennas,
  turnaround_s: station.turnaround ?? 0,
});

/** Kinds of products, in the order in which records count them. */
export const kindsHead = (): MissionHead["kinds"] =>
  productKinds.map((kind) => {
    const { name, colour } = codecOf(kind);
    return { kind, name, colour };
  });

/** Who uses the mission, as a page shows them. */
export const tenantsHead = (tenancy: TenancyPlan | undefined): Pick<MissionHead, "tenants"> =>
  tenancy === undefined
    ? {}
    : {
        tenants: {
          currency: tenancy.currency,
          list: tenancy.tenants.map(({ id, budget, weight }) => ({ id, budget: budget / 1e6, weight })),
        },
      };

/** Begins the record of a run with pixels. */
export const recordRun = (
  stage: Stage,
  runId: string,
  command: RunCommand,
  flown: readonly Policy[],
  sink: RecordSink | null,
): MissionRecorder => {
  const { base, scenario, dataset, model, satellites } = stage;
  const { camera } = scheduleOf(stage);
  const taken = new Set(base.acquisitions.map(({ scene }) => scene));
  return openMissionRecorder(
    {
      run: runId,
      command,
      shows: "pixels",
      seed: scenario.seed,
      dataset: { name: dataset.name, scenes: taken.size },
      model: { name: model.info.name, version: model.info.version, precision: model.info.precision },
      classes: [...model.info.classes],
      constellation: scenario.constellation,
      spacecraft: spacecraftHead(base.spacecraft),
      camera: camera && {
        swath_m: camera.swathMetres,
        off_nadir_deg: camera.offNadirDegrees,
        sun_above_deg: camera.sunAboveDegrees,
        assumed: camera.assumed,
      },
      network: scenario.stations,
      stations: base.stations.map(stationHead),
      link: describeRate(scenario.rate),
      crosslinks: base.mesh && { topology: scenario.crosslinks, epoch_s: base.mesh.epoch },
      kinds: kindsHead(),
      ...tenantsHead(base.tenancy),
    },
    {
      satellites,
      stations: base.stations,
      contacts: base.contacts,
      mesh: base.mesh,
      rate: base.rate,
      protection: base.protection,
      acquisitions: base.acquisitions,
      scenes: dataset.scenes.filter(({ id }) => taken.has(id)),
      ...(base.orders === undefined ? {} : { orders: base.orders }),
    },
    flown.map((policy) => ({
      label: policy.label,
      name: policy.name,
      sends: known.find(({ name }) => name === policy.name)?.sends ?? "",
      where: detectsOnBoard(policy) ? "board" : "ground",
    })),
    sink,
  );
};
