import type { Column, ColumnFile } from "../../pipeline/column-file.ts";
import { detectionTables, eventTables, type MissionTable } from "../../pipeline/mission/mission-tables.ts";
import { emptyTable } from "./plan.ts";

type EventName = keyof typeof eventTables;
type DetectionName = keyof typeof detectionTables;

/** The tables of one policy, as far as they have come. */
export type PolicyTables = { readonly [Name in EventName | DetectionName]: MissionTable<Name> };

/** Parts of a policy in the order of the head, as far as they have come: without a gap. Of `body` any may be missing. */
export interface PolicyFiles {
  readonly events: readonly ColumnFile[];
  readonly detections: readonly ColumnFile[];
  readonly body: readonly (ColumnFile | null)[];
}

const joined = <Name extends EventName | DetectionName>(
  name: Name,
  files: readonly ColumnFile[],
): MissionTable<Name> => {
  const parts = files.flatMap(({ tables }) => tables[name] ?? []);
  const [first] = parts;
  if (first === undefined) return emptyTable(name);
  if (parts.length === 1) return first as unknown as MissionTable<Name>;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const columns = Object.keys(first.columns).map((column) => {
    const whole = new ((first.columns[column] as Column).constructor as Float64ArrayConstructor)(rows);
    let at = 0;
    for (const part of parts) {
      whole.set(part.columns[column] as Float64Array, at);
      at += part.rows;
    }
    return [column, whole] as const;
  });
  return { rows, columns: Object.fromEntries(columns) } as unknown as MissionTable<Name>;
};

/** The tables of a policy from its parts. */
export const tablesFrom = ({ events, detections }: PolicyFiles): PolicyTables => {
  const of = (names: readonly string[], files: readonly ColumnFile[]) =>
    names.map((name) => [name, joined(name as EventName, files)] as const);
  return Object.fromEntries([
    ...of(Object.keys(eventTables), events),
    ...of(Object.keys(detectionTables), detections),
  ]) as unknown as PolicyTables;
};
