import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeColumns, newColumn, type Table, type TableShape } from "../../pipeline/column-file.ts";
import { missionVersion, type MissionHead, type MissionPart } from "../../pipeline/mission/mission-head.ts";
import { missionTables, type MissionTableName } from "../../pipeline/mission/mission-tables.ts";
import { noScene } from "../../pipeline/mission/plan-tables.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { degrees, formatInstant, instant } from "../../pipeline/units.ts";
import { findStationNetwork } from "../../planning/contacts/station-networks.ts";
import {
  defaultPlanes,
  walkerAltitude,
  walkerEpoch,
  walkerSatellites,
} from "../../planning/orbits/walker.ts";

/** How large a made-up record is. */
export interface FleetSize {
  readonly satellites: number;
  readonly hours: number;
  readonly acquisitions: number;
  readonly detectionsEach: number;
}

type Values = Readonly<Record<string, (row: number) => number>>;

const tableOf = (name: MissionTableName, rows: number, values: Values): Table => {
  const shape: TableShape = missionTables[name];
  const columns = Object.entries(shape).map(([column, type]) => {
    const made = newColumn(type, rows);
    const value = values[column];
    if (value !== undefined) for (let row = 0; row < rows; row++) made[row] = value(row);
    return [column, made] as const;
  });
  return { rows, columns: Object.fromEntries(columns) };
};

const cell = (random: () => number, most: number): number => Math.floor(random() * most);

/**
 * A mission record of a size that a simulation has, made up: real orbits and stations; each antenna follows one satellite after the other, and
 * what is taken lands some minutes later. For measuring the page, which asks for no sense in it. Writes `mission/` into `folder`.
 */
export const writeFleetMission = (folder: string, run: string, size: FleetSize): void => {
  const { satellites: count, acquisitions, detectionsEach } = size;
  const length = size.hours * 3600;
  const source = seeded("fleet mission", 1);
  const random = (): number => source.uniform();
  const orbits = walkerSatellites(
    {
      total: count,
      planes: defaultPlanes(count),
      phasing: 1,
      altitude: walkerAltitude,
      inclination: degrees(53),
    },
    walkerEpoch,
  );
  const stations = findStationNetwork("ksat")?.stations ?? [];
  const files: { readonly path: string; readonly content: Uint8Array }[] = [];
  const write = (path: string, tables: Readonly<Record<string, Table>>): MissionPart => {
    const content = encodeColumns(missionTables, { tables, texts: ["", "battery"] });
    files.push({ path, content });
    const rows = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.rows]));
    const before = Object.fromEntries(Object.keys(tables).map((name) => [name, 0]));
    return { file: path, bytes: content.length, rows, before, from_s: 0, to_s: length };
  };
  const one = (name: MissionTableName, rows: number, values: Values): MissionPart =>
    write(`plan-${name}.bin`, { [name]: tableOf(name, rows, values) });

  const orbitOf = (row: number) => orbits[row] as (typeof orbits)[number];
  const pass = 360;
  const passes = Math.floor(length / pass) * stations.length;
  const fromOf = (row: number): number =>
    Math.floor(row / stations.length) * pass + (row % stations.length) * 7;
  const taken = Float64Array.from({ length: acquisitions }, () => random() * (length - 4000)).sort();
  const whom = Uint16Array.from({ length: acquisitions }, () => cell(random, count));
  const follows = Uint16Array.from({ length: passes }, () => cell(random, count));
  const plan = {
    orbits: one("orbits", count, {
      epoch_s: (row) => orbitOf(row).epoch,
      catalog_number: (row) => orbitOf(row).catalogNumber,
      mean_motion_rev_per_day: (row) => orbitOf(row).elements.meanMotion,
      eccentricity: (row) => orbitOf(row).elements.eccentricity,
      inclination_deg: (row) => orbitOf(row).elements.inclination,
      right_ascension_deg: (row) => orbitOf(row).elements.rightAscension,
      argument_of_perigee_deg: (row) => orbitOf(row).elements.argumentOfPerigee,
      mean_anomaly_deg: (row) => orbitOf(row).elements.meanAnomaly,
      drag_per_earth_radius: (row) => orbitOf(row).elements.drag,
    }),
    contacts: one("contacts", passes, {
      from_s: fromOf,
      locked_s: (row) => fromOf(row) + 5,
      to_s: (row) => fromOf(row) + 300,
      satellite: (row) => follows[row] as number,
      station: (row) => row % stations.length,
      max_elevation_deg: () => 30,
      capacity_bytes: () => 2e10,
    }),
    crosslinks: null,
    scenes: one("scenes", 0, {}),
    acquisitions: one("acquisitions", acquisitions, {
      at_s: (row) => taken[row] as number,
      satellite: (row) => whom[row] as number,
      scene: () => noScene,
      sun_elevation_deg: () => 40,
      longitude_deg: () => random() * 360 - 180,
      latitude_deg: () => random() * 110 - 55,
    }),
  };
  const at = (row: number): number => taken[row] as number;
  const events = write("direct/events-0.bin", {
    captures: tableOf("captures", acquisitions, {
      at_s: at,
      acquisition: (row) => row,
      satellite: (row) => whom[row] as number,
      sensor_bytes: () => 5e8,
      tiles: () => 64,
    }),
    computes: tableOf("computes", acquisitions, {
      at_s: at,
      to_s: (row) => at(row) + 2,
      acquisition: (row) => row,
      satellite: (row) => whom[row] as number,
      model_tiles: () => 64,
      products: () => 1,
      product_bytes: () => 9000,
      detections: () => detectionsEach,
      lossless_bytes: () => 2e8,
      work_s: () => 2,
    }),
    products: tableOf("products", acquisitions, {
      at_s: (row) => at(row) + 2,
      satellite: (row) => whom[row] as number,
      acquisition: (row) => row,
      tile: () => -1,
      bytes: () => 9000,
      asked_s: () => Number.NaN,
    }),
    landings: tableOf("landings", acquisitions, {
      at_s: (row) => at(row) + 900,
      product: (row) => row,
      satellite: (row) => whom[row] as number,
      station: (row) => row % stations.length,
      first_sent_s: (row) => at(row) + 899,
      at_centre_s: (row) => at(row) + 901,
    }),
    turns: tableOf("turns", passes, {
      at_s: (row) => fromOf(row) + 10,
      to_s: (row) => fromOf(row) + 60,
      contact: (row) => row,
      satellite: (row) => follows[row] as number,
      station: (row) => row % stations.length,
      frames: () => 1000,
      heard: () => 1,
      bytes: () => 1_115_000,
    }),
    sends: tableOf("sends", passes, {
      at_s: (row) => fromOf(row) + 10,
      to_s: (row) => fromOf(row) + 60,
      contact: (row) => row,
      satellite: (row) => follows[row] as number,
      station: (row) => row % stations.length,
      bytes: () => 1_000_000,
    }),
  });
  const detections = write("direct/detections-0.bin", {
    publications: tableOf("publications", acquisitions, {
      at_s: (row) => at(row) + 901,
      acquisition: (row) => row,
      detections: () => detectionsEach,
    }),
  });
  const head: MissionHead = {
    schema: missionVersion,
    run,
    command: "simulate",
    state: "finished",
    failure: null,
    revision: 0,
    shows: "counts",
    seed: 1,
    horizon: {
      from: formatInstant(walkerEpoch),
      to: formatInstant(instant(walkerEpoch + length)),
      epoch_s: walkerEpoch,
      length_s: length,
    },
    dataset: null,
    model: null,
    classes: [],
    constellation: `walker:${count}`,
    satellites: orbits.map(({ id }) => id),
    spacecraft: {
      name: "made up",
      published_figures: null,
      figures: null,
      computer: "made up",
      store_bytes: 1e12,
      battery: null,
      heat: null,
      terminals: null,
    },
    camera: null,
    network: "ksat",
    stations: stations.map((station) => ({
      id: station.id,
      name: station.name,
      longitude_deg: station.longitude,
      latitude_deg: station.latitude,
      altitude_m: station.altitude,
      min_elevation_deg: station.minElevation,
      horizon: null,
      antennas: station.antennas,
      turnaround_s: 60,
    })),
    link: "made up",
    crosslinks: null,
    kinds: [{ kind: "detections", name: "batches of detections", colour: "detections" }],
    framing: { bytes: 1115, holds: 1000, per_product: 60 },
    plan,
    policies: [
      {
        label: "direct",
        name: "detect",
        sends: "detections",
        where: "board",
        state: "flown",
        through_s: length,
        published_through_s: length,
        body_through_s: length,
        events: [events],
        detections: [detections],
        body: [],
      },
    ],
  };
  for (const { path, content } of [...files, { path: "head.json", content: JSON.stringify(head) }]) {
    const file = join(folder, "mission", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
};
