import { isSwathError } from "../../pipeline/errors.ts";
import type { ByteSource } from "./byte-source.ts";
import { addExtent, cutByExtents, type Extent, type Piece } from "./extents.ts";
import type { Scratch } from "./scratch.ts";

/** Bytes on their way: whoever wants some of them waits instead of asking again. */
interface UnderWay {
  readonly start: number;
  readonly end: number;
  readonly done: Promise<void>;
}

/** A file that can be opened again and again: what its openings read is shared. */
export interface KeptFile {
  /** A source with its head at hand. Rejects as `ByteSource.fill` does. */
  open(signal?: AbortSignal): Promise<ByteSource>;
}

/**
 * Wraps a file so that each of its bytes is asked for once: what came stands in `scratch`, as long as that has room.
 * Several policies over the same scene then fetch it a single time. `first` are the bytes that opening it brought.
 */
export const keptFile = async (
  { name, size, fill: fetchBytes }: Pick<ByteSource, "name" | "size" | "fill">,
  first: Uint8Array,
  scratch: Scratch,
): Promise<KeptFile> => {
  const extents: Extent[] = [];
  const underWay = new Set<UnderWay>();

  const keep = async (data: Uint8Array, start: number): Promise<void> => {
    const at = scratch.reserve(data.length);
    if (at === null) return;
    try {
      await scratch.write(data, at);
    } catch (error) {
      // A full disk costs a second fetch, not the run.
      if (isSwathError(error, "storage")) return;
      throw error;
    }
    addExtent(extents, { start, end: start + data.length, at });
  };

  const fetchPiece = (data: Uint8Array, { start, end }: Piece, signal?: AbortSignal): Promise<void> => {
    const done = fetchBytes(data, start, signal).then(() => keep(data, start));
    const entry = { start, end, done };
    underWay.add(entry);
    return done.finally(() => underWay.delete(entry));
  };

  const fill = async (buffer: Uint8Array, offsetBytes: number, signal?: AbortSignal): Promise<void> => {
    for (;;) {
      const pieces = cutByExtents(extents, offsetBytes, offsetBytes + buffer.length);
      const busy = [...underWay].filter((other) =>
        pieces.some(({ start, end, at }) => at === null && start < other.end && other.start < end),
      );
      if (busy.length === 0) {
        const partOf = ({ start, end }: Piece): Uint8Array =>
          buffer.subarray(start - offsetBytes, end - offsetBytes);
        // All are waited for: the buffer is lent, and must not be written to once this has failed.
        const settled = await Promise.allSettled(
          pieces.map((piece) =>
            piece.at === null
              ? fetchPiece(partOf(piece), piece, signal)
              : scratch.read(partOf(piece), piece.at),
          ),
        );
        const failed = settled.find(({ status }) => status === "rejected");
        if (failed?.status === "rejected") throw failed.reason;
        return;
      }
      // Their failure is theirs; what they did not bring is asked for in the next round.
      await Promise.allSettled(busy.map(({ done }) => done));
      signal?.throwIfAborted();
    }
  };

  const headLength = first.length;
  await keep(first, 0);
  return {
    async open(signal) {
      const head = new Uint8Array(headLength);
      await fill(head, 0, signal);
      return { name, size, head, fill, [Symbol.asyncDispose]: async () => undefined };
    },
  };
};
