import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { addLine, emptyIndex, indexLines, type LineIndex, readLines } from "./line-file.ts";

/** A line of a journal's file: what was heard, where from. */
export interface HeardLine {
  /** Stream, or other source. */
  readonly source: string;
  /** Its number there, from 1; 0: it has none. */
  readonly at: number;
  /** The result as JSON, without a newline. */
  readonly data: Uint8Array;
}

/** A line to be written: what a source said, without a newline. */
export interface FileLine {
  /** Its number there, from 1; 0: it has none. */
  readonly seq: number;
  readonly data: Uint8Array;
}

const [tab, newline] = [9, 10];

/** Room for a number and what stands round it. */
const numberRoom = 20;

/** All lines back to back, and how long each is; the octets are good until the next call. */
const lineEncoder = () => {
  let room = Buffer.alloc(0);
  return (source: string, lines: readonly FileLine[]) => {
    const head = Buffer.from(`${source}\t`);
    const most = lines.reduce((sum, { data }) => sum + head.length + numberRoom + data.length, 0);
    if (room.length < most) room = Buffer.allocUnsafeSlow(most);
    const lengths: number[] = [];
    let at = 0;
    for (const { seq, data } of lines) {
      const start = at;
      room.set(head, at);
      at += head.length;
      at += room.write(String(seq), at, "latin1");
      room[at] = tab;
      room.set(data, at + 1);
      at += data.length + 2;
      room[at - 1] = newline;
      lengths.push(at - start);
    }
    return { bytes: room.subarray(0, at), lengths };
  };
};

const parseLine = (line: Buffer): HeardLine => {
  const first = line.indexOf(tab);
  const second = line.indexOf(tab, first + 1);
  return {
    source: line.toString("utf8", 0, first),
    at: Number(line.toString("latin1", first + 1, second)),
    data: line.subarray(second + 1),
  };
};

/** Lines are on the disk after so long; ms. */
const syncEvery = 1_000;

/** A file that lines are added to. What `append` has returned from outlives the process; a power cut may take the last second of it. */
export interface JournalFile {
  readonly path: string;
  readonly index: LineIndex;
  append(source: string, lines: readonly FileLine[]): void;
  read(from: number): Promise<readonly HeardLine[]>;
  close(): void;
}

/** Makes an empty file. */
export const createJournalFile = (path: string): JournalFile =>
  journalFile(path, openSync(path, "a", 0o600), emptyIndex());

/** Opens a file; `visit` sees every line that is there. What a crash left of a last line is cut off. */
export const openJournalFile = async (
  path: string,
  visit: (line: HeardLine) => void,
): Promise<JournalFile> => {
  const file = openSync(path, "a", 0o600);
  try {
    const index = await indexLines(path, (line) => visit(parseLine(line)));
    ftruncateSync(file, index.bytes);
    return journalFile(path, file, index);
  } catch (error) {
    closeSync(file);
    throw error;
  }
};

const journalFile = (path: string, file: number, index: LineIndex): JournalFile => {
  const encode = lineEncoder();
  let syncing: NodeJS.Timeout | null = null;
  const sync = (): void => {
    syncing = null;
    // What fails here fails again where it is noticed: at the next line.
    fdatasync(file, () => undefined);
  };
  return {
    path,
    index,
    append(source, lines) {
      const { bytes, lengths } = encode(source, lines);
      try {
        for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      } catch (error) {
        ftruncateSync(file, index.bytes); // A disk that is full leaves no half of a line behind.
        throw error;
      }
      for (const length of lengths) addLine(index, length);
      syncing ??= setTimeout(sync, syncEvery).unref();
    },
    read: async (from) => (await readLines(path, index, from)).map(parseLine),
    close() {
      if (syncing !== null) {
        clearTimeout(syncing);
        fdatasyncSync(file);
      }
      closeSync(file);
    },
  };
};
