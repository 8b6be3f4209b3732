/** A stretch of a file. */
export interface ByteRange {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * Where the bytes of one file come from: a disk, a web server, a copy that is filled as it is read. Readers of formats
 * know this port and nothing below it; what a source lacks (buffers, a cache, retries) is wrapped round it.
 */
export interface ByteSource extends AsyncDisposable {
  /** Where the file lies, as messages may print it. */
  readonly name: string;
  readonly size: number;
  /** What tells this state of a file from elsewhere from another, as its server says it; absent where it says nothing, and here. */
  readonly version?: string;
  /** The first bytes, at hand once the source is open; the whole file when it is short. */
  readonly head: Uint8Array;
  /**
   * Fills `buffer` with the bytes from `offsetBytes` on; the caller keeps it inside `size`. Several fills may be under way
   * at once. Rejects with `SwathError("raster")` when the bytes cannot be had or are no longer those of the file that was
   * opened, and with the signal's reason when it aborts; `buffer` then holds nothing of use.
   */
  fill(buffer: Uint8Array, offsetBytes: number, signal?: AbortSignal): Promise<void>;
  /**
   * Says which stretches will be filled, in the order of need; none overlaps another, and what was said before is forgotten. A
   * source that takes long to answer then asks for whole stretches, ahead of the reader. Absent where nothing is gained. What
   * is expected and never filled costs its bytes alone: its failure is nobody's.
   */
  expect?(reads: readonly ByteRange[]): void;
}
