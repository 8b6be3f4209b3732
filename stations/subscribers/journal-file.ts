import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { addLine, emptyIndex, indexLines, type LineIndex, readLines } from "./line-file.ts";

/** A line of a journal's file: what was heard, where from. */
export interface HeardLine {
  /** Stream, or other source. */
  readonly source: string;
  /** Its number there, from 1; 0: it has none. */
  readonly at: number;
  /** The result as JSON, without a newline. */
  readonly text: string;
}

const tab = 9;

const parseLine = (line: Buffer): HeardLine => {
  const first = line.indexOf(tab);
  const second = line.indexOf(tab, first + 1);
  return {
    source: line.toString("utf8", 0, first),
    at: Number(line.toString("latin1", first + 1, second)),
    text: line.toString("utf8", second + 1),
  };
};

/** A file that lines are added to. What `append` has returned from outlives the process; a power cut may take what the disk had not written yet. */
export interface JournalFile {
  readonly path: string;
  readonly index: LineIndex;
  append(lines: readonly HeardLine[]): void;
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

const journalFile = (path: string, file: number, index: LineIndex): JournalFile => ({
  path,
  index,
  append(lines) {
    const encoded = lines.map(({ source, at, text }) => `${source}\t${at}\t${text}\n`);
    const bytes = Buffer.from(encoded.join(""));
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    } catch (error) {
      ftruncateSync(file, index.bytes); // A disk that is full leaves no half of a line behind.
      throw error;
    }
    for (const line of encoded) addLine(index, Buffer.byteLength(line));
  },
  read: async (from) => (await readLines(path, index, from)).map(parseLine),
  close: () => closeSync(file),
});
