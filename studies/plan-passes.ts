import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import type { GroundStation } from "../pipeline/orbit/contact.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { parquetElement, parquetSink } from "../pipeline/parquet.ts";
import { field, passFields, type PassTable } from "../planning/contacts/pass-table.ts";

/** A Parquet file of passes that is written while they are found. */
export interface PassFile {
  readonly add: (passes: PassTable) => Promise<void>;
  /** The file has its name from here on. */
  readonly close: () => Promise<void>;
  /** Nothing stays. */
  readonly discard: () => Promise<void>;
}

/** Rows of a group: about a megabyte of each column, so that readers and this writer hold little. */
const groupRows = 131_072;

const elements = [
  parquetElement("satellite", "text"),
  parquetElement("station", "text"),
  parquetElement("aos_unix_s", "real"),
  parquetElement("los_unix_s", "real"),
  parquetElement("culmination_unix_s", "real"),
  parquetElement("max_elevation_deg", "real"),
];

/** Times and elevations: no two passes have the same. */
const raw = new Set(elements.filter(({ type }) => type === "DOUBLE").map(({ name }) => name));

const written = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    throw new SwathError("storage", { what: `cannot write ${path}`, got: messageOf(cause), cause });
  }
};

/**
 * Begins a file of passes, antenna or not, in the order in which they come; beside its place until it is closed.
 * Throws `SwathError("storage")`, here and later, where it cannot be written.
 */
export const openPassFile = async (
  path: string,
  satellites: readonly Satellite[],
  stations: readonly GroundStation[],
): Promise<PassFile> => {
  const part = `${path}.part`;
  const file: FileHandle = await written(path, () => open(part, "w"));
  const sink = parquetSink(elements, raw);
  const group = new Float64Array(groupRows * passFields);
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (rows === 0) return;
    const column = (name: keyof typeof field): Float64Array => {
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row++) values[row] = group[row * passFields + field[name]] as number;
      return values;
    };
    const names = (name: "satellite" | "station", of: readonly { readonly id: string }[]): string[] => {
      const texts: string[] = [];
      for (let row = 0; row < rows; row++)
        texts.push((of[group[row * passFields + field[name]] as number] as { readonly id: string }).id);
      return texts;
    };
    const content = sink.write([
      names("satellite", satellites),
      names("station", stations),
      column("aos"),
      column("los"),
      column("culmination"),
      column("maxElevation"),
    ]);
    rows = 0;
    await written(path, () => file.writeFile(content));
  };
  return {
    async add(passes) {
      for (let row = 0; row < passes.count;) {
        const count = Math.min(passes.count - row, groupRows - rows);
        group.set(passes.rows.subarray(row * passFields, (row + count) * passFields), rows * passFields);
        rows += count;
        row += count;
        if (rows === groupRows) await flush();
      }
    },
    async close() {
      await flush();
      await written(path, async () => {
        await file.writeFile(sink.finish({}));
        await file.close();
        await rename(part, path);
      });
    },
    async discard() {
      await file.close();
      await rm(part, { force: true });
    },
  };
};
