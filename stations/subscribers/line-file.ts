import { open, type FileHandle } from "node:fs/promises";

/** Where every 128th line of a file begins, so that reading may start anywhere: 8 octets for some 80 kB. */
export interface LineIndex {
  /** Offset of line `i · stride`. */
  readonly offsets: number[];
  /** Whole lines: what follows the last newline does not count. */
  lines: number;
  /** End of the last whole line. */
  bytes: number;
}

const stride = 128;
const chunkBytes = 256 * 1024;
const newline = 10;

/** The index of an empty file. */
export const emptyIndex = (): LineIndex => ({ offsets: [], lines: 0, bytes: 0 });

/** Counts a line of this many octets in, its newline included. */
export const addLine = (index: LineIndex, length: number): void => {
  if (index.lines % stride === 0) index.offsets.push(index.bytes);
  index.lines += 1;
  index.bytes += length;
};

/** Every whole line of a file from `offset` on, without its newline, in groups as they are read. */
async function* linesFrom(file: FileHandle, offset: number): AsyncGenerator<readonly Buffer[]> {
  let buffer = Buffer.alloc(chunkBytes);
  let at = offset;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    const lines: Buffer[] = [];
    let start = 0;
    for (
      let end = buffer.indexOf(newline);
      end >= 0 && end < bytesRead;
      end = buffer.indexOf(newline, start)
    ) {
      lines.push(buffer.subarray(start, end));
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    else if (bytesRead < buffer.length) return;
    // A line longer than the buffer: the next round has room for it. Lines that were given keep the old one.
    buffer = Buffer.alloc(start === 0 ? buffer.length * 2 : chunkBytes);
    at += start;
  }
}

/** Goes through a file once; `visit` sees every whole line. */
export const indexLines = async (path: string, visit: (line: Buffer) => void): Promise<LineIndex> => {
  const index = emptyIndex();
  await using file = await open(path, "r");
  for await (const lines of linesFrom(file, 0)) {
    for (const line of lines) {
      visit(line);
      addLine(index, line.length + 1);
    }
  }
  return index;
};

/** Lines from number `from` on: as many as one chunk holds, at least one while there is one. */
export const readLines = async (path: string, index: LineIndex, from: number): Promise<readonly Buffer[]> => {
  if (from >= index.lines) return [];
  const block = Math.floor(from / stride);
  await using file = await open(path, "r");
  let passed = from - block * stride;
  for await (const lines of linesFrom(file, index.offsets[block] ?? 0)) {
    if (passed < lines.length) return lines.slice(passed, passed + index.lines - from);
    passed -= lines.length;
  }
  return [];
};
