import type { BufferPool } from "./buffer-pool.ts";
import type { ByteRange, ByteSource } from "./byte-source.ts";
import { addExtent, cutByExtents, type Extent } from "./extents.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { noReadAhead, openReadAhead, type ReadAhead, type Span } from "./read-ahead.ts";
import type { Scratch } from "./scratch.ts";

/** Bytes that are on their way, or came and are in memory still. */
interface Stretch extends Span {
  readonly data: Uint8Array;
  /** Whoever wants some of them waits for this instead of asking again. */
  readonly arrived: Promise<void>;
  /** Of readers that wait for it or copy from it. */
  users: number;
  /** Bytes that nobody has copied yet. */
  unread: number;
  state: "coming" | "here" | "stored";
}

/** A file that can be opened again and again: what its openings read is shared. */
export interface KeptFile {
  /** A source with its head at hand. Rejects as `ByteSource.fill` does. */
  open(signal?: AbortSignal): Promise<ByteSource>;
}

/** What all files of one access share. */
export interface Keep {
  readonly scratch: Scratch;
  readonly pool: BufferPool;
}

/** How far ahead of a reader that has said what it will read the file is asked for. */
const aheadBytes = 3_000_000;
/** What one file holds in memory that has been stored as well: expected, but not yet read. */
const mostHeldBytes = 6_000_000;
/** Stretches that are being stored; beyond it readers wait for the disk. */
const mostStoring = 8;

const unlessAborted = (work: Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
};

/**
 * Wraps a file so that each of its bytes is asked for once: what came stands in scratch, as long as that has room.
 * Several policies over the same scene then fetch it a single time. `first` are the bytes that opening it brought.
 */
export const keptFile = (
  { name, size, version, fill: fetchBytes }: Pick<ByteSource, "name" | "size" | "version" | "fill">,
  first: Uint8Array,
  { scratch, pool }: Keep,
): KeptFile => {
  /** What stands in scratch. */
  const extents: Extent[] = [];
  /** In memory, the oldest first; they do not overlap each other. */
  const stretches = new Set<Stretch>();
  const storing = new Set<Promise<void>>();

  const keep = async (data: Uint8Array, start: number): Promise<void> => {
    const at = scratch.reserve(data.length);
    if (at === null) return;
    try {
      await scratch.write(data, at);
      addExtent(extents, { start, end: start + data.length, at });
    } catch (error) {
      // A full disk costs a second fetch, not the run.
      if (!isSwathError(error, "storage")) throw error;
    }
  };

  const isFree = ({ state, users }: Stretch): boolean => state === "stored" && users === 0;
  const letGo = (stretch: Stretch): void => {
    // Readers may hold the head for as long as they like.
    if (stretches.delete(stretch) && stretch.data !== first) pool.give(stretch.data);
  };
  /** Lets go of what has been read, and of the oldest beyond the bound. */
  const tidy = (): void => {
    let held = 0;
    for (const stretch of stretches) {
      if (isFree(stretch) && stretch.unread <= 0) letGo(stretch);
      else held += stretch.data.length;
    }
    for (const stretch of stretches) {
      if (held <= mostHeldBytes) break;
      if (!isFree(stretch)) continue;
      held -= stretch.data.length;
      letGo(stretch);
    }
  };

  const store = async (stretch: Stretch): Promise<void> => {
    stretch.state = "here";
    await keep(stretch.data, stretch.start);
    stretch.state = "stored";
    tidy();
  };

  /** Takes a stretch up: on its way, or there. It is stored once it has arrived, and gone where it does not. */
  const hold = ({ start, end }: Span, data: Uint8Array, arrived: Promise<void>, unread: number): Stretch => {
    const stretch: Stretch = { start, end, data, arrived, users: 0, unread, state: "coming" };
    stretches.add(stretch);
    arrived.then(
      () => {
        const stored = store(stretch).finally(() => storing.delete(stored));
        storing.add(stored);
      },
      () => letGo(stretch),
    );
    return stretch;
  };

  const fetchStretch = (span: Span, signal?: AbortSignal): Stretch => {
    const length = span.end - span.start;
    const data = pool.take(length);
    return hold(span, data, fetchBytes(data, span.start, signal), length);
  };

  /** Those in memory that overlap `span`, in the order of the file. */
  const stretchesIn = ({ start, end }: Span): readonly Stretch[] =>
    [...stretches]
      .filter((other) => start < other.end && other.start < end)
      .toSorted((a, b) => a.start - b.start);

  /** `span` cut into what is in memory and what is not, in order and without gaps. */
  const cutByMemory = ({ start, end }: Span): readonly (Span & { readonly stretch: Stretch | null })[] => {
    const cuts: (Span & { readonly stretch: Stretch | null })[] = [];
    let from = start;
    for (const stretch of stretchesIn({ start, end })) {
      if (stretch.start > from) cuts.push({ start: from, end: stretch.start, stretch: null });
      const until = Math.min(end, stretch.end);
      cuts.push({ start: Math.max(from, stretch.start), end: until, stretch });
      from = until;
    }
    if (from < end) cuts.push({ start: from, end, stretch: null });
    return cuts;
  };

  /** Asks for all of `span` that is neither in memory nor in scratch. */
  const fetchMissing = (span: Span, signal?: AbortSignal): readonly Stretch[] =>
    cutByMemory(span)
      .filter(({ stretch }) => stretch === null)
      .flatMap(({ start, end }) => cutByExtents(extents, start, end))
      .filter(({ at }) => at === null)
      .map((piece) => fetchStretch(piece, signal));

  const copyFrom = async (stretch: Stretch, part: Span, target: Uint8Array, signal?: AbortSignal) => {
    stretch.users++;
    try {
      if (stretch.state === "coming") await unlessAborted(stretch.arrived, signal);
      target.set(stretch.data.subarray(part.start - stretch.start, part.end - stretch.start));
      stretch.unread -= part.end - part.start;
    } finally {
      stretch.users--;
      if (isFree(stretch)) tidy();
    }
  };

  /** Copies what is there or on its way. Returns false where what others had asked for did not come. */
  const copyAll = async (
    buffer: Uint8Array,
    offsetBytes: number,
    own: readonly Stretch[],
    signal: AbortSignal | undefined,
  ): Promise<boolean> => {
    const span = { start: offsetBytes, end: offsetBytes + buffer.length };
    const partOf = ({ start, end }: Span): Uint8Array =>
      buffer.subarray(start - offsetBytes, end - offsetBytes);
    let isWhole = true;
    const copies = cutByMemory(span).map(async (cut) => {
      const { stretch } = cut;
      if (stretch === null) {
        for (const { start, end, at } of cutByExtents(extents, cut.start, cut.end)) {
          if (at === null) isWhole = false;
          else await scratch.read(partOf({ start, end }), at);
        }
        return;
      }
      try {
        await copyFrom(stretch, cut, partOf(cut), signal);
      } catch (error) {
        signal?.throwIfAborted();
        // That another reader was told to stop is no matter of this one.
        if (own.includes(stretch) || isSwathError(error)) throw error;
        isWhole = false;
      }
    });
    // All are waited for: the buffer is lent, and must not be written to once this has failed.
    const settled = await Promise.allSettled(copies);
    const failed = settled.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    return isWhole;
  };

  const fill = async (
    ahead: ReadAhead,
    closed: AbortSignal,
    buffer: Uint8Array,
    offsetBytes: number,
    signal?: AbortSignal,
  ): Promise<void> => {
    const span = { start: offsetBytes, end: offsetBytes + buffer.length };
    for (;;) {
      signal?.throwIfAborted();
      const missing = cutByMemory(span).filter(({ stretch }) => stretch === null);
      const wanted = missing.flatMap(({ start, end }) => cutByExtents(extents, start, end));
      const own = wanted.flatMap((piece) =>
        piece.at === null ? fetchMissing(ahead.widen(piece), signal) : [],
      );
      for (const next of ahead.advance(span)) fetchMissing(next, closed);
      if (await copyAll(buffer, offsetBytes, own, signal)) break;
    }
    if (storing.size > mostStoring) await Promise.allSettled(storing);
  };

  // Whoever opens a file reads its head at once, some twice; what nobody holds any more is read from scratch.
  const recent = new WeakRef(first);
  const headLength = first.length;
  hold({ start: 0, end: headLength }, first, Promise.resolve(), 0);
  const headOf = async (signal: AbortSignal | undefined): Promise<Uint8Array> => {
    const held = recent.deref();
    if (held !== undefined) return held;
    const head = new Uint8Array(headLength);
    await fill(noReadAhead, new AbortController().signal, head, 0, signal);
    return head;
  };
  return {
    async open(signal) {
      const closing = new AbortController();
      let ahead = noReadAhead;
      return {
        name,
        size,
        ...(version === undefined ? {} : { version }),
        head: await headOf(signal),
        fill: (...wanted) => fill(ahead, closing.signal, ...wanted),
        expect: (reads: readonly ByteRange[]) => {
          ahead = openReadAhead(reads, aheadBytes);
          for (const next of ahead.advance({ start: 0, end: 0 })) fetchMissing(next, closing.signal);
        },
        [Symbol.asyncDispose]: async () => closing.abort(),
      };
    },
  };
};
