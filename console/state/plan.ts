import type { ColumnFile } from "../../pipeline/column-file.ts";
import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import {
  missionTables,
  type MissionTable,
  type MissionTableName,
} from "../../pipeline/mission/mission-tables.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { degrees, instant, type Instant } from "../../pipeline/units.ts";
import { countUpTo, groupRows, prefixMaxima, type Groups } from "./sorted.ts";

/** What is known of a run before it begins, ready to be asked. Times are seconds from the start of the horizon. */
export interface Plan {
  readonly head: MissionHead;
  readonly orbits: readonly Satellite[];
  readonly contacts: MissionTable<"contacts">;
  /** Rows of contacts by satellite and by station, in order of time. */
  readonly contactsOf: Groups;
  readonly contactsAt: Groups;
  /** No contact is longer; s. */
  readonly longestContact: number;
  readonly crosslinks: MissionTable<"crosslinks">;
  /** The greatest end of the first 1, 2, … crosslinks. */
  readonly crosslinkEnds: Float64Array;
  readonly scenes: MissionTable<"scenes">;
  readonly sceneNames: readonly string[];
  readonly acquisitions: MissionTable<"acquisitions">;
  readonly acquisitionsOf: Groups;
  /** What satellites are ordered to do; without rows in a mission without orders. */
  readonly orders: MissionTable<"orders">;
  readonly orderTexts: readonly string[];
}

/** The tables of a shape, without rows. */
export const emptyTable = <Name extends MissionTableName>(name: Name): MissionTable<Name> => {
  const columns = Object.fromEntries(
    Object.keys(missionTables[name]).map((column) => [column, new Float64Array(0)]),
  );
  return { rows: 0, columns } as unknown as MissionTable<Name>;
};

/** A table of a file, by its name; without rows where the file lacks it. */
export const tableIn = <Name extends MissionTableName>(
  file: ColumnFile | undefined,
  name: Name,
): MissionTable<Name> => (file?.tables[name] as MissionTable<Name> | undefined) ?? emptyTable(name);

const orbitsOf = (head: MissionHead, { rows, columns }: MissionTable<"orbits">): readonly Satellite[] =>
  Array.from({ length: rows }, (_, row): Satellite => {
    const at = (column: ArrayLike<number>): number => column[row] as number;
    const id = head.satellites[row] ?? `${row}`;
    return {
      id,
      name: id,
      catalogNumber: at(columns.catalog_number),
      epoch: instant(at(columns.epoch_s)),
      elements: {
        meanMotion: at(columns.mean_motion_rev_per_day) as Satellite["elements"]["meanMotion"],
        eccentricity: at(columns.eccentricity),
        inclination: degrees(at(columns.inclination_deg)),
        rightAscension: degrees(at(columns.right_ascension_deg)),
        argumentOfPerigee: degrees(at(columns.argument_of_perigee_deg)),
        meanAnomaly: degrees(at(columns.mean_anomaly_deg)),
        drag: at(columns.drag_per_earth_radius),
      },
    };
  });

/** The files of a plan, by the name that the head's `plan` has for each. What is missing yet counts as empty. */
export type PlanFiles = Readonly<Partial<Record<keyof MissionHead["plan"], ColumnFile>>>;

/** Makes a plan ready to be asked. Files may come one by one: with the orbits alone there is a picture. */
export const openPlan = (head: MissionHead, files: PlanFiles): Plan => {
  const contacts = tableIn(files.contacts, "contacts");
  const crosslinks = tableIn(files.crosslinks, "crosslinks");
  const scenes = tableIn(files.scenes, "scenes");
  const acquisitions = tableIn(files.acquisitions, "acquisitions");
  const { from_s, to_s, satellite, station } = contacts.columns;
  let longestContact = 0;
  for (let row = 0; row < contacts.rows; row++)
    longestContact = Math.max(longestContact, (to_s[row] as number) - (from_s[row] as number));
  return {
    head,
    orbits: orbitsOf(head, tableIn(files.orbits, "orbits")),
    contacts,
    contactsOf: groupRows(satellite, head.satellites.length),
    contactsAt: groupRows(station, head.stations.length),
    longestContact,
    crosslinks,
    crosslinkEnds: prefixMaxima(crosslinks.columns.to_s),
    scenes,
    sceneNames: Array.from(scenes.columns.name, (place) => files.scenes?.texts[place] ?? ""),
    acquisitions,
    acquisitionsOf: groupRows(acquisitions.columns.satellite, head.satellites.length),
    orders: tableIn(files.orders, "orders"),
    orderTexts: files.orders?.texts ?? [],
  };
};

/** Mission time as an instant. */
export const instantOf = ({ head }: Plan, t: number): Instant => instant(head.horizon.epoch_s + t);

/** Mission time of an instant: seconds from the start of the horizon. */
export const missionTime = ({ head }: Plan, at: Instant): number => at - head.horizon.epoch_s;

/** Rows of contacts that are open at `t`, in order of their beginning. */
export const openContacts = ({ contacts, longestContact }: Plan, t: number): readonly number[] => {
  const { from_s, to_s } = contacts.columns;
  const open: number[] = [];
  for (let row = countUpTo(from_s, t) - 1; row >= 0 && (from_s[row] as number) >= t - longestContact; row--)
    if ((to_s[row] as number) > t) open.push(row);
  return open.toReversed();
};

/** Rows of crosslinks that are up at `t`: bits may flow. */
export const openCrosslinks = ({ crosslinks, crosslinkEnds }: Plan, t: number): readonly number[] => {
  const { pointing_s, from_s, to_s } = crosslinks.columns;
  const open: number[] = [];
  for (
    let row = countUpTo(crosslinkEnds, t);
    row < crosslinks.rows && (pointing_s[row] as number) <= t;
    row++
  )
    if ((from_s[row] as number) <= t && (to_s[row] as number) > t) open.push(row);
  return open;
};

/** Rows of the next contacts of a satellite or a station that begin after `t`. */
export const nextContacts = (
  { contacts, contactsOf, contactsAt }: Plan,
  of: { readonly satellite: number } | { readonly station: number },
  t: number,
  count: number,
): readonly number[] => {
  const [groups, group] = "satellite" in of ? [contactsOf, of.satellite] : [contactsAt, of.station];
  const start = groups.starts[group] ?? 0;
  const end = groups.starts[group + 1] ?? start;
  const next: number[] = [];
  for (let place = start; place < end && next.length < count; place++) {
    const row = groups.rows[place] as number;
    if ((contacts.columns.from_s[row] as number) > t) next.push(row);
  }
  return next;
};
