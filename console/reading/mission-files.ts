import { decodeColumns, type ColumnFile } from "../../pipeline/column-file.ts";
import type { MissionHead, MissionPart, MissionPolicy } from "../../pipeline/mission/mission-head.ts";
import type { PlanFiles } from "../state/plan.ts";
import type { PolicyFiles } from "../state/policy-tables.ts";

/** Gets a file of the record, by its path in the folder of the record. */
export type FetchFile = (path: string) => Promise<Uint8Array>;

/** Files of a record that were fetched or are on their way, kept so that a record that grows is not loaded twice. */
export interface MissionFiles {
  readonly plan: (head: MissionHead) => Promise<PlanFiles>;
  readonly policy: (policy: MissionPolicy) => Promise<PolicyFiles>;
}

/** Fetches and decodes files, each once: parts never change, and one that has grown has another length. */
export const missionFiles = (fetchFile: FetchFile): MissionFiles => {
  const known = new Map<string, Promise<ColumnFile>>();
  const get = ({ file, bytes }: MissionPart): Promise<ColumnFile> => {
    const key = `${file} ${bytes}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const loading = fetchFile(file).then(decodeColumns);
    known.set(key, loading);
    // What failed may be asked for again.
    loading.catch(() => known.delete(key));
    return loading;
  };
  const getAll = (parts: readonly MissionPart[]): Promise<readonly ColumnFile[]> =>
    Promise.all(parts.map(get));
  return {
    plan: async ({ plan }) => {
      const parts = Object.entries(plan).filter((entry): entry is [string, MissionPart] => entry[1] !== null);
      const files = await Promise.all(parts.map(async ([name, part]) => [name, await get(part)] as const));
      return Object.fromEntries(files) as PlanFiles;
    },
    policy: async ({ events, detections, body }) => {
      const [happened, found, samples] = await Promise.all([
        getAll(events),
        getAll(detections),
        getAll(body),
      ]);
      return { events: happened, detections: found, body: samples };
    },
  };
};
