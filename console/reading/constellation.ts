import type { MissionTable } from "../../pipeline/mission/mission-tables.ts";
import type { RevolutionsPerDay, Satellite } from "../../pipeline/orbit/satellite.ts";
import { degrees, instant } from "../../pipeline/units.ts";

/** The satellites of a record as the propagator wants them, in the order of its tables. */
export const constellationOf = (
  names: readonly string[],
  { columns }: MissionTable<"orbits">,
): readonly Satellite[] =>
  names.map((name, i) => ({
    id: name,
    name,
    catalogNumber: columns.catalog_number[i] ?? 0,
    epoch: instant(columns.epoch_s[i] ?? 0),
    elements: {
      meanMotion: (columns.mean_motion_rev_per_day[i] ?? 0) as RevolutionsPerDay,
      eccentricity: columns.eccentricity[i] ?? 0,
      inclination: degrees(columns.inclination_deg[i] ?? 0),
      rightAscension: degrees(columns.right_ascension_deg[i] ?? 0),
      argumentOfPerigee: degrees(columns.argument_of_perigee_deg[i] ?? 0),
      meanAnomaly: degrees(columns.mean_anomaly_deg[i] ?? 0),
      drag: columns.drag_per_earth_radius[i] ?? 0,
    },
  }));
