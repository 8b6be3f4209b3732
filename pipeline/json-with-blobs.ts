/*
 * A value as JSON with blocks of bytes behind it: a u32 length, big-endian, that many bytes of JSON
 * `{"value": …, "blobs": [length, …]}`, then the blobs back to back, to the end.
 */

/** A value and the bytes that belong to it. */
export interface JsonWithBlobs {
  readonly value: unknown;
  readonly blobs: readonly Uint8Array[];
}

/** As parts to be laid back to back; the blobs are not copied. */
export const encodeJsonWithBlobs = ({ value, blobs }: JsonWithBlobs): readonly Uint8Array[] => {
  const json = Buffer.from(JSON.stringify({ value, blobs: blobs.map(({ length }) => length) }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return [length, json, ...blobs];
};

/** Longest JSON that is parsed: a parsed value takes some twenty times its text. */
const longestJson = 8 * 1024 * 1024;

/** More blobs than any message holds. */
const mostBlobs = 1_000_000;

const isLengths = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length <= mostBlobs &&
  value.every((one) => Number.isSafeInteger(one) && one >= 0);

/**
 * The blobs view `body`. The value is whatever somebody wrote: hold it against a schema.
 * `corrupt(wanted, got)` makes the error for bytes that cannot come from `encodeJsonWithBlobs`.
 */
export const decodeJsonWithBlobs = (
  body: Uint8Array,
  corrupt: (wanted: string, got: string) => Error,
): JsonWithBlobs => {
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (view.length < 4) throw corrupt("a length of 4 bytes", `${view.length} bytes`);
  const end = 4 + view.readUInt32BE(0);
  if (end - 4 > longestJson) throw corrupt(`at most ${longestJson} bytes of JSON`, `${end - 4}`);
  if (end > view.length) throw corrupt(`${end - 4} bytes of JSON`, `${view.length - 4}`);
  const { value, blobs: lengths } = parse(view.toString("utf8", 4, end), corrupt);
  if (!isLengths(lengths))
    throw corrupt("lengths of the blobs", JSON.stringify(lengths ?? null).slice(0, 40));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== view.length - end) throw corrupt(`${total} bytes of blobs`, `${view.length - end}`);
  let at = end;
  const blobs = lengths.map((length) => {
    const blob = body.subarray(at, at + length);
    at += length;
    return blob;
  });
  return { value, blobs };
};

const parse = (
  text: string,
  corrupt: (wanted: string, got: string) => Error,
): { readonly value?: unknown; readonly blobs?: unknown } => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw corrupt("JSON", `"${text.slice(0, 40)}"`);
  }
  if (typeof parsed === "object" && parsed !== null) return parsed;
  throw corrupt("an object with value and blobs", `"${text.slice(0, 40)}"`);
};
