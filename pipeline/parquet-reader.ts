import { open } from "node:fs/promises";
import { type AsyncBuffer, parquetScan } from "hyparquet";
import { messageOf, SwathError } from "./errors.ts";

/** Cells of one column over a stretch of rows. */
export type ParquetCells = ArrayLike<unknown>;

/** Rows of a table that lie together in its file. */
export interface ParquetGroup {
  readonly rows: number;
  /** Cells of one column: text, numbers, octets where a column has no kind, instants as milliseconds since 1970; `null` where there is none. */
  readonly column: (name: string) => Promise<ParquetCells>;
}

/** A Parquet file at work; dispose of it to close it. */
export interface ParquetTable extends AsyncDisposable {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly groups: readonly ParquetGroup[];
}

const cannotRead = (path: string, cause: unknown): SwathError =>
  new SwathError("storage", { what: `${path} cannot be read as Parquet`, got: messageOf(cause), cause });

/** Reads what is asked for and no more, so that a file may be larger than memory. */
const bufferOf = (handle: Awaited<ReturnType<typeof open>>, byteLength: number): AsyncBuffer => ({
  byteLength,
  async slice(start, end = byteLength) {
    const [from, to] = [Math.max(0, start < 0 ? byteLength + start : start), Math.min(end, byteLength)];
    const bytes = new Uint8Array(Math.max(0, to - from));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    if (bytesRead < bytes.length) throw new Error(`${bytes.length} bytes wanted, ${bytesRead} are left`);
    return bytes.buffer;
  },
});

/** Opens a Parquet file. Throws `SwathError("storage")`, here and in `column`, for what is none, or is cut short. */
export const openParquet = async (path: string): Promise<ParquetTable> => {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path);
  } catch (cause) {
    throw cannotRead(path, cause);
  }
  try {
    const { size } = await handle.stat();
    const scan = await parquetScan({
      file: bufferOf(handle, size),
      utf8: false,
      geoparquet: false,
      parsers: { timestampFromMilliseconds: Number },
    });
    const column = async (name: string, rowStart: number, rowEnd: number): Promise<ParquetCells> => {
      try {
        return await scan.readColumn({ column: name, rowStart, rowEnd });
      } catch (cause) {
        throw cannotRead(path, cause);
      }
    };
    return {
      rows: scan.ranges.reduce((sum, { rowStart, rowEnd }) => sum + rowEnd - rowStart, 0),
      columns: scan.metadata.schema.slice(1).map(({ name }) => name),
      groups: scan.ranges.map(({ rowStart, rowEnd }) => ({
        rows: rowEnd - rowStart,
        column: (name) => column(name, rowStart, rowEnd),
      })),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (cause) {
    await handle.close();
    throw cannotRead(path, cause);
  }
};
