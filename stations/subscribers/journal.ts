import type { DetectionHead } from "./detection-head.ts";
import type { JournalSource } from "./journal-manifest.ts";

/** A detection with its number. */
export interface JournalEntry {
  readonly seq: number;
  readonly result: DetectionHead;
  /** The whole result as JSON in UTF-8: written once, by its publisher, whoever gets it. To be copied by whoever keeps it. */
  readonly data: Uint8Array;
}

/** The whole result of an entry as JSON. */
export const textOf = ({ data }: Pick<JournalEntry, "data">): string =>
  Buffer.from(data.buffer, data.byteOffset, data.length).toString();

/** A result as a stream has it. */
export interface HeardResult {
  /** Its number in the stream, from 1; 0: it has none. */
  readonly seq: number;
  readonly data: Uint8Array;
}

/**
 * All detections that a gateway knows of, numbered once and for good: what it heard, written down before anybody is told, and those of
 * finished runs, where they lie. Subscribers differ only in how far they have come. It outlives the gateway, the runs and their NATS, so a
 * gap may last as long as the journal keeps what it heard.
 *
 * Twice is heard once: by number in the stream (JetStream delivers again), and by the detection's id (a publisher says it again, however
 * long after). A run that is started again replaces what its last start said: that is passed over from then on.
 */
export interface Journal {
  /** Begins every cursor. */
  readonly id: string;
  /** Number of the last detection; 0 for none. */
  readonly head: number;
  /** Number of the first that is still kept. */
  readonly first: number;
  readonly classes: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
  /** Makes a start of a run known. */
  openSource(source: JournalSource): void;
  /** Number in that source of the last one that was written down: where to go on. */
  lastOf(source: string): number;
  /**
   * Writes down what a source said, and gives what was new. What is no result of this release is told to `note` and left out.
   * Throws `SwathError("storage")` where it cannot be written; then none of it is known.
   */
  append(source: string, results: readonly HeardResult[]): readonly JournalEntry[];
  /**
   * Takes in the detections of a finished run: all, or those that were not heard while it was at work, which are given. `finishedMs`
   * tells a finished run from one that has been started again since. Throws `SwathError("storage")` for a file that cannot be read.
   */
  addFinished(path: string, finishedMs: number): Promise<readonly JournalEntry[]>;
  /** Entries from number `from` on: some, and where to go on. */
  read(from: number): Promise<JournalPart>;
  close(): void;
}

/** A stretch of a journal. */
export interface JournalPart {
  readonly entries: readonly JournalEntry[];
  /** Beyond `head` when there is no more. */
  readonly next: number;
  /** Detections that stood here are no longer kept: too old, or in the folder of a run that has gone. */
  readonly isGap: boolean;
}
