import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isSwathError, messageOf, SwathError } from "../../pipeline/errors.ts";
import type { Bytes } from "../../pipeline/units.ts";
import { type DetectionHead, readHead } from "./detection-head.ts";
import { type FinishedDetections, openFinished, readFinished } from "./finished-detections.ts";
import { type FreshResult, readHeard } from "./heard-result.ts";
import { createJournalFile, type HeardLine, type JournalFile, openJournalFile } from "./journal-file.ts";
import { bootedMs, hasBootedSince, lostNumbers } from "./power-cut.ts";
import { journalSources } from "./journal-sources.ts";
import { type JournalSource, readManifest, type Segment, writeManifest } from "./journal-manifest.ts";
import { type HeardResult, type Journal, type JournalEntry, type JournalPart, textOf } from "./journal.ts";

/** How a journal is kept. */
export interface JournalOptions {
  readonly folder: string;
  /** What it heard is kept up to here, the oldest goes first. */
  readonly keep: Bytes;
  readonly note: (text: string) => void;
}

/** A file is closed at this size, so that the oldest can go: a quarter of what is kept, or less. */
const mostFileBytes = 64e6;

interface HeardSegment {
  readonly first: number;
  readonly file: JournalFile;
}

interface FinishedSegment {
  readonly first: number;
  readonly told: Extract<Segment, { kind: "finished" }>;
  /** Opened when somebody reads it; `null`: gone, or being written. */
  detections: FinishedDetections | null | undefined;
}

type OpenSegment = HeardSegment | FinishedSegment;

const isHeard = (segment: OpenSegment): segment is HeardSegment => "file" in segment;
const countOf = (segment: OpenSegment): number =>
  isHeard(segment) ? segment.file.index.lines : segment.told.count;
const finishedSource = (run: string): string => `finished:${run}`;

/** A copy of an id: a part of a message would keep the whole of it in memory. */
const apart = (id: string): string => Buffer.from(id).toString();

/** Opens the journal in a folder, or begins one. Throws `SwathError("storage")`. */
export const openJournal = async ({ folder, keep, note }: JournalOptions): Promise<Journal> => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const journal = new FolderJournal(folder, keep, note);
    await journal.open();
    return journal;
  } catch (cause) {
    if (isSwathError(cause)) throw cause;
    throw new SwathError("storage", {
      what: `cannot keep a journal in ${folder}`,
      got: messageOf(cause),
      cause,
    });
  }
};

class FolderJournal implements Journal {
  readonly classes = new Set<string>();
  readonly runs = new Set<string>();
  readonly #folder: string;
  readonly #keep: Bytes;
  readonly #note: (text: string) => void;
  readonly #segments: OpenSegment[] = [];
  readonly #sources = journalSources();
  #id = "";
  #head = 0;
  #isOpen = false;
  #counted = { class: "", run: "" };

  constructor(folder: string, keep: Bytes, note: (text: string) => void) {
    this.#folder = folder;
    this.#keep = keep;
    this.#note = note;
  }

  get id(): string {
    return this.#id;
  }

  get head(): number {
    return this.#head;
  }

  get first(): number {
    return this.#segments[0]?.first ?? this.#head + 1;
  }

  async open(): Promise<void> {
    const manifest = readManifest(this.#folder);
    this.#id = manifest.id;
    this.#head = manifest.head;
    for (const source of manifest.sources) this.#know(source);
    for (const segment of manifest.segments) {
      if (segment.kind === "heard") {
        const file = await openJournalFile(join(this.#folder, segment.file), (line) => this.#remember(line));
        this.#segments.push({ first: segment.first, file });
      } else {
        for (const name of segment.classes) this.classes.add(name);
        this.#segments.push({ first: segment.first, told: segment, detections: undefined });
      }
    }
    this.#head = Math.max(this.#head, this.#lastKept());
    // What the disk had not written when the power went may have been sent: its numbers are not given again.
    if (manifest.bootedMs !== undefined && hasBootedSince(manifest.bootedMs)) this.#head += lostNumbers;
    this.#isOpen = true;
    this.#save();
  }

  /** Number of the last detection that is kept; 0 for none. */
  #lastKept(): number {
    const last = this.#segments.at(-1);
    return last === undefined ? 0 : last.first + countOf(last) - 1;
  }

  openSource(source: JournalSource): void {
    const known = this.#sources.get(source.name);
    if (known?.startedMs === source.startedMs) return;
    this.#know(source);
    this.#save();
  }

  lastOf(source: string): number {
    return this.#sources.lastOf(source);
  }

  append(source: string, results: readonly HeardResult[]): readonly JournalEntry[] {
    if (this.#sources.isSuperseded(source)) return [];
    const last = this.lastOf(source);
    const ids = this.#sources.idsOf(source);
    const fresh: FreshResult[] = [];
    for (const { seq, data } of results) {
      if (seq !== 0 && seq <= last) continue;
      const one = readHeard({ seq, data }, this.#note);
      if (one === null || ids.has(one.result.id)) continue;
      ids.add(apart(one.result.id));
      fresh.push(one);
    }
    if (fresh.length === 0) return this.#heard(source, results, []);
    try {
      this.#write(source, fresh);
    } catch (error) {
      for (const { result } of fresh) ids.delete(result.id);
      throw error;
    }
    const entries = fresh.map(({ result, data }): JournalEntry => {
      this.#count(result);
      this.#head += 1;
      return { seq: this.#head, result, data };
    });
    return this.#heard(source, results, entries);
  }

  /** What follows one another is mostly of one class and run. */
  #count({ class: name, run }: DetectionHead): void {
    if (name === this.#counted.class && run === this.#counted.run) return;
    this.#counted = { class: name, run };
    this.classes.add(apart(name));
    this.runs.add(apart(run));
  }

  #heard(
    source: string,
    results: readonly HeardResult[],
    entries: readonly JournalEntry[],
  ): readonly JournalEntry[] {
    const latest = results.at(-1);
    if (latest !== undefined) this.#sources.heard(source, latest.seq);
    return entries;
  }

  async addFinished(path: string, finishedMs: number): Promise<readonly JournalEntry[]> {
    const listed = this.#segments.some((segment) => !isHeard(segment) && segment.told.path === path);
    if (listed) return [];
    const detections = await openFinished(path);
    const { run, count, classes } = detections;
    if (run === null) return [];
    const newest = this.#sources.newestOf(run);
    if (newest === undefined) {
      const source = { name: finishedSource(run), run, startedMs: finishedMs };
      this.#know(source);
      const first = this.#head + 1;
      const told = { kind: "finished" as const, first, count, run, classes: [...classes], path };
      this.#segments.push({ first, told, detections });
      this.#head += count;
      for (const name of classes) this.classes.add(name);
      this.#save();
      return [];
    }
    // It was at work while we listened, or is again.
    if (newest.startedMs > finishedMs || newest.name === finishedSource(run)) return [];
    const missed: JournalEntry[] = [];
    for (let from = 0; from < count;) {
      const results = await readFinished(detections, from);
      from += Math.max(results.length, 1);
      const heard = results.map((result) => ({ seq: 0, data: Buffer.from(JSON.stringify(result)) }));
      missed.push(...this.append(newest.name, heard));
    }
    return missed;
  }

  async read(from: number): Promise<JournalPart> {
    const at = Math.max(from, this.first);
    const segment = this.#segments.findLast(({ first }) => first <= at);
    if (segment === undefined || at > this.#head) return { entries: [], next: at, isGap: at > from };
    const after = this.#segments[this.#segments.indexOf(segment) + 1]?.first ?? this.#head + 1;
    const offset = at - segment.first;
    if (offset >= countOf(segment)) return { entries: [], next: after, isGap: true };
    if (!isHeard(segment)) {
      const entries = await this.#readFinished(segment, offset);
      const next = entries === null || entries.length === 0 ? after : at + entries.length;
      return { entries: entries ?? [], next, isGap: at > from || entries === null };
    }
    const lines = await this.#readHeard(segment, offset);
    if (lines === null) return { entries: [], next: after, isGap: true };
    const entries = lines.flatMap(({ source, data }, i): readonly JournalEntry[] =>
      this.#sources.isSuperseded(source) ? [] : [{ seq: at + i, data, result: readHead(textOf({ data })) }],
    );
    return { entries, next: at + lines.length, isGap: at > from };
  }

  /** `null`: removed meanwhile, since others came. */
  async #readHeard({ file }: HeardSegment, offset: number): Promise<readonly HeardLine[] | null> {
    try {
      return await file.read(offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  /** `null`: the run's folder has gone. */
  async #readFinished(segment: FinishedSegment, offset: number): Promise<readonly JournalEntry[] | null> {
    const { told, first } = segment;
    if (this.#sources.isSuperseded(finishedSource(told.run))) return [];
    if (segment.detections === undefined) segment.detections = await this.#tryFinished(told);
    if (segment.detections === null) return null;
    try {
      const results = await readFinished(segment.detections, offset);
      return results.map((result, i) => ({
        seq: first + offset + i,
        result,
        data: Buffer.from(JSON.stringify(result)),
      }));
    } catch (error) {
      if (!isSwathError(error)) throw error;
      this.#note(`left out: ${error.message}`);
      return null;
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#save();
    for (const segment of this.#segments) if (isHeard(segment)) segment.file.close();
  }

  #know(source: JournalSource): void {
    this.#sources.know(source);
    this.runs.add(source.run);
  }

  #remember({ source, at, data }: HeardLine): void {
    this.#sources.heard(source, at);
    const { id, run, class: name } = readHead(textOf({ data }));
    this.classes.add(name);
    this.runs.add(run);
    if (!this.#sources.isSuperseded(source)) this.#sources.idsOf(source).add(apart(id));
  }

  /** A run folder that has gone, or that somebody is writing, is left out and named: its numbers stay empty. */
  async #tryFinished({
    path,
    count,
  }: Extract<Segment, { kind: "finished" }>): Promise<FinishedDetections | null> {
    try {
      const detections = await openFinished(path);
      return detections.count < count ? null : detections;
    } catch (error) {
      if (!isSwathError(error)) throw error;
      this.#note(`left out: ${error.message}`);
      return null;
    }
  }

  #write(source: string, lines: readonly FreshResult[]): void {
    const last = this.#segments.at(-1);
    try {
      const open =
        last !== undefined &&
        isHeard(last) &&
        this.#lastKept() === this.#head &&
        last.file.index.bytes < Math.min(mostFileBytes, this.#keep / 4)
          ? last
          : this.#begin();
      open.file.append(source, lines);
    } catch (cause) {
      throw new SwathError("storage", {
        what: `cannot write to ${this.#folder}`,
        got: messageOf(cause),
        cause,
      });
    }
  }

  #begin(): HeardSegment {
    const first = this.#head + 1;
    const file = createJournalFile(join(this.#folder, `${String(first).padStart(12, "0")}.log`));
    const segment = { first, file };
    this.#segments.push(segment);
    this.#dropOldest();
    this.#save();
    return segment;
  }

  #dropOldest(): void {
    const heard = this.#segments.filter(isHeard);
    let bytes = heard.reduce((sum, { file }) => sum + file.index.bytes, 0);
    for (const segment of heard.slice(0, -1)) {
      if (bytes <= this.#keep) return;
      bytes -= segment.file.index.bytes;
      segment.file.close();
      rmSync(segment.file.path, { force: true });
      this.#segments.splice(this.#segments.indexOf(segment), 1);
    }
  }

  #save(): void {
    writeManifest(this.#folder, {
      schema: "swath-journal/1",
      id: this.#id,
      head: this.#head,
      ...(this.#isOpen ? { bootedMs: bootedMs() } : {}),
      sources: [...this.#sources.all],
      segments: this.#segments.map((segment) =>
        isHeard(segment)
          ? { kind: "heard", first: segment.first, file: segment.file.path.slice(this.#folder.length + 1) }
          : segment.told,
      ),
    });
  }
}
