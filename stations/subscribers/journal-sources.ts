import type { JournalSource } from "./journal-manifest.ts";

/** What a journal knows of where its detections are from. Of several starts of a run the newest counts; the others are superseded. */
export interface JournalSources {
  readonly all: Iterable<JournalSource>;
  get(name: string): JournalSource | undefined;
  /** The start of a run that counts. */
  newestOf(run: string): JournalSource | undefined;
  isSuperseded(name: string): boolean;
  know(source: JournalSource): void;
  /** Number of the last detection heard; 0 for none. */
  lastOf(name: string): number;
  heard(name: string, at: number): void;
  /** Ids of the detections heard of a start that counts. */
  idsOf(name: string): Set<string>;
}

/** Knows of none yet. */
export const journalSources = (): JournalSources => {
  const sources = new Map<string, JournalSource>();
  const newest = new Map<string, JournalSource>();
  const last = new Map<string, number>();
  const ids = new Map<string, Set<string>>();
  return {
    get all() {
      return sources.values();
    },
    get: (name) => sources.get(name),
    newestOf: (run) => newest.get(run),
    isSuperseded(name) {
      const known = sources.get(name);
      return known !== undefined && newest.get(known.run)?.name !== name;
    },
    know(source) {
      sources.set(source.name, source);
      const before = newest.get(source.run);
      if (before !== undefined && before.startedMs > source.startedMs) return;
      newest.set(source.run, source);
      // Nothing that an earlier start says is written down any more: nobody need know its ids.
      if (before !== undefined && before.name !== source.name) ids.delete(before.name);
    },
    lastOf: (name) => last.get(name) ?? 0,
    heard(name, at) {
      last.set(name, Math.max(last.get(name) ?? 0, at));
    },
    idsOf(name) {
      let known = ids.get(name);
      if (known === undefined) ids.set(name, (known = new Set()));
      return known;
    },
  };
};
