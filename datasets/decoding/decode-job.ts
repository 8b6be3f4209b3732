/**
 * One piece of work for a decoder that runs in a thread of its own. `decodedBytes` is what comes out at most: it bounds the
 * decoder's memory, decides how many run side by side, and sets the time that the decoder may take.
 */
export type DecodeJob = ZstdJob | Jpeg2000Job;

/** A block of Zstandard frames. */
export interface ZstdJob {
  readonly kind: "zstd";
  readonly source: Uint8Array;
  readonly decodedBytes: number;
}

/** A JPEG 2000 codestream, or a JP2 file of one, that starts at the origin of its grid. */
export interface Jpeg2000Job {
  readonly kind: "jpeg2000";
  readonly source: Uint8Array;
  /** `width · height · components · bytesPerSample`. */
  readonly decodedBytes: number;
  readonly width: number;
  readonly height: number;
  /** As the decoder hands them out: 1, or 3 of 8 bits. */
  readonly components: number;
}

/** What a decoding thread says: that it is ready for work, or how the work ended. */
export type FromDecoder =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly data: Uint8Array }
  | { readonly kind: "broken"; readonly reason: string };
