import { SwathError } from "../../pipeline/errors.ts";
import { keptFile, type Keep, type KeptFile } from "../files/kept-file.ts";
import type { Scratch } from "../files/scratch.ts";
import type { Answer, Ask, HttpClient } from "./exchange.ts";
import { Transient } from "./transient.ts";
import { changeOf, parseContentRange, rangeCondition, versionOf, type Version } from "./version.ts";
import { isEncoded, wholeBody } from "./whole-body.ts";

/** What opening a remote file found. */
type Found =
  | { readonly kind: "ranges"; readonly version: Version; readonly url: URL; readonly head: Uint8Array }
  | { readonly kind: "whole"; readonly file: KeptFile }
  | { readonly kind: "encoded" };

const refuse = (name: string, got: string, wanted?: string): SwathError =>
  new SwathError("raster", { what: `${name} cannot be read`, ...(wanted ? { wanted } : {}), got });

/** Fills `buffer` from a body. Throws `Transient` when the body is shorter: what is there counts, the rest is asked for. */
const pour = async (
  answer: Answer,
  buffer: Uint8Array,
  onProgress: (done: number) => void,
): Promise<void> => {
  let done = 0;
  await answer.pour((chunk) => {
    if (done + chunk.length > buffer.length) throw new Transient("more bytes than asked for");
    buffer.set(chunk, done);
    done += chunk.length;
    onProgress(done);
  });
  if (done < buffer.length) throw new Transient(`${done} of ${buffer.length} bytes`);
};

/** Stores a whole body in `scratch`, where it is read from as if it were on disk. */
const storeWhole = async (answer: Answer, ask: Ask, most: number, scratch: Scratch): Promise<KeptFile> => {
  const parts: { readonly start: number; readonly at: number; readonly length: number }[] = [];
  let size = 0;
  for await (const chunk of wholeBody(answer, ask, most)) {
    const at = scratch.reserve(chunk.length);
    if (at === null) throw refuse(ask.name, "no room left for files of servers without ranges");
    await scratch.write(chunk, at);
    parts.push({ start: size, at, length: chunk.length });
    size += chunk.length;
  }
  if (size === 0) throw refuse(ask.name, "an empty file");
  const fill = async (buffer: Uint8Array, offset: number): Promise<void> => {
    const end = offset + buffer.length;
    // Chunks are some 64 kB: a file of 2 GB has 30,000, and reads are few.
    for (const { start, at, length } of parts) {
      const [from, until] = [Math.max(offset, start), Math.min(end, start + length)];
      if (from < until)
        await scratch.read(buffer.subarray(from - offset, until - offset), at + (from - start));
    }
  };
  const { name } = ask;
  return {
    async open() {
      const head = new Uint8Array(Math.min(size, 65_536));
      await fill(head, 0);
      return { name, size, head, fill, [Symbol.asyncDispose]: async () => undefined };
    },
  };
};

/**
 * Opens a file on a web server: its first 64 kB, and from then on the ranges that are read. A server without ranges, or
 * one that compresses on the way, gives the whole file once, up to `limits.whole`. `name` is what messages call it.
 * Throws `SwathError("raster")` when it is not there, is empty, is too large, or changes while it is read (ETag, date or
 * size; a server that tells none of them is trusted).
 */
export const openHttpFile = async (
  client: HttpClient,
  url: URL,
  name: string,
  keep: Keep,
  signal?: AbortSignal,
): Promise<KeptFile> => {
  const { limits } = client;
  const { scratch } = keep;
  const ask = { name, tag: "raster" } as const;
  const whole = { ...ask, accept: [200], mostBytes: limits.whole } satisfies Ask;
  const probe = {
    ...ask,
    headers: () => ({ range: `bytes=0-${limits.head - 1}` }),
    accept: [200, 206, 416],
    // A server without ranges sends all of it.
    mostBytes: limits.whole,
  } satisfies Ask;

  const look = async (answer: Answer): Promise<Found> => {
    if (answer.status === 416) throw refuse(name, "an empty file");
    if (answer.status === 200) {
      return { kind: "whole", file: await storeWhole(answer, probe, limits.whole, scratch) };
    }
    if (isEncoded(answer)) return { kind: "encoded" };
    const range = parseContentRange(answer.headers["content-range"]);
    if (range === null || range.start !== 0 || range.end > limits.head) {
      const got = `${answer.headers["content-range"] ?? "none"}`.slice(0, 60);
      throw refuse(name, got, `Content-Range: bytes 0-${limits.head - 1}/<size>`);
    }
    const head = new Uint8Array(range.end);
    await pour(answer, head, () => undefined);
    return { kind: "ranges", version: versionOf(answer.headers, range.size), url: answer.url, head };
  };

  const found = await client.exchange(url, probe, look, signal);
  if (found.kind === "whole") return found.file;
  if (found.kind === "encoded") {
    return client.exchange(url, whole, (answer) => storeWhole(answer, whole, limits.whole, scratch), signal);
  }
  const { version, head } = found;
  const fill = openRanges(client, url, found.url, name, version);
  const told = version.etag ?? version.lastModified;
  const known = told === null ? {} : { version: told };
  return keptFile({ name, size: version.size, fill, ...known }, head, keep);
};

/** Reads ranges of a file of a known version. */
const openRanges = (client: HttpClient, url: URL, foundAt: URL, name: string, version: Version) => {
  /** Where redirects ended: the next range goes there directly, as long as it works. */
  let target = foundAt;
  let condition = rangeCondition(version);

  const changed = ({ wanted, got }: { readonly wanted: string; readonly got: string }): SwathError =>
    new SwathError("raster", {
      what: `${name} changed while it was read`,
      wanted,
      got,
      hint: "start again to read what is there now",
    });

  /** One range, or why it has to be asked for in another way. */
  const take = async (
    answer: Answer,
    buffer: Uint8Array,
    offset: number,
    onProgress: (done: number) => void,
  ): Promise<"done" | "moved" | "unconditional"> => {
    const { status, headers } = answer;
    if (status === 206) {
      const range = parseContentRange(headers["content-range"]);
      if (range === null || isEncoded(answer)) throw refuse(name, "a range that does not say what it is");
      const change = changeOf(version, versionOf(headers, range.size));
      if (change !== null) throw changed(change);
      if (range.start !== offset || range.end !== offset + buffer.length) {
        const wanted = `bytes ${offset} to ${offset + buffer.length - 1}`;
        throw refuse(name, `${range.start} to ${range.end - 1}`, wanted);
      }
      await pour(answer, buffer, onProgress);
      return "done";
    }
    if (status === 200) {
      const change = changeOf(version, versionOf(headers, Number(headers["content-length"] ?? version.size)));
      if (change !== null) throw changed(change);
      // Some servers take no date, or no ETag, for a condition; the answers themselves are compared all the same.
      if (condition !== null) return "unconditional";
      throw refuse(name, "the whole file", "a range of it, as before");
    }
    if (status === 412 || status === 416) throw changed({ wanted: `${version.size} bytes`, got: "less" });
    return "moved";
  };

  return async (buffer: Uint8Array, offsetBytes: number, signal?: AbortSignal): Promise<void> => {
    // What came before a connection was lost stays: the next try asks for the rest.
    let done = 0;
    for (;;) {
      const isMoved = target.href !== url.href;
      const ask = {
        name,
        tag: "raster",
        headers: () => ({
          range: `bytes=${offsetBytes + done}-${offsetBytes + buffer.length - 1}`,
          ...(condition === null ? {} : { "if-range": condition }),
        }),
        // A signed address that a redirect led to expires; the one that was given leads to a new one.
        accept: isMoved ? [200, 206, 401, 403, 404, 410, 412, 416] : [200, 206, 412, 416],
        mostBytes: buffer.length,
      } satisfies Ask;
      const result = await client.exchange(
        target,
        ask,
        (answer) => {
          const before = done;
          const rest = buffer.subarray(before);
          return take(answer, rest, offsetBytes + before, (count) => (done = before + count));
        },
        signal,
      );
      if (result === "done") return;
      if (result === "moved") target = url;
      else condition = null;
    }
  };
};
