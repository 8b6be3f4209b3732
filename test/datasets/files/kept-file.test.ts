import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBufferPool } from "../../../datasets/files/buffer-pool.ts";
import { keptFile } from "../../../datasets/files/kept-file.ts";
import { openScratch } from "../../../datasets/files/scratch.ts";
import { SwathError } from "../../../pipeline/errors.ts";
import { bytes } from "../../../pipeline/units.ts";

const data = Uint8Array.from({ length: 60_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
const headLength = 1000;

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "swath-kept-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file whose bytes are counted as they are fetched; `delays` says how many turns of the loop each fetch takes. */
const open = (room: number, delays: readonly number[] = [0]) => {
  const scratch = openScratch(folder, bytes(room));
  const fetched: { readonly start: number; readonly length: number }[] = [];
  const fill = async (buffer: Uint8Array, offset: number, signal?: AbortSignal): Promise<void> => {
    fetched.push({ start: offset, length: buffer.length });
    for (let turns = delays[fetched.length % delays.length]!; turns >= 0; turns--) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    buffer.set(data.subarray(offset, offset + buffer.length));
  };
  const pool = openBufferPool(4);
  const file = keptFile({ name: "kept", size: data.length, fill }, data.slice(0, headLength), {
    scratch,
    pool,
  });
  return { file, scratch, fetched };
};

const readFrom = async (
  source: { fill(buffer: Uint8Array, offset: number, signal?: AbortSignal): Promise<void> },
  start: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> => {
  const buffer = new Uint8Array(length);
  await source.fill(buffer, start, signal);
  return buffer;
};

const reads = fc.array(
  fc.record({
    start: fc.nat(data.length - 1),
    length: fc.integer({ min: 1, max: 9000 }),
    isAborted: fc.boolean(),
  }),
  { minLength: 1, maxLength: 24 },
);
const expectations = fc.array(fc.integer({ min: 100, max: 5000 }), { maxLength: 12 });

describe("a kept file", () => {
  it("gives the file's bytes, whatever is read side by side, expected, told to stop, or has no room", async () => {
    await fc.assert(
      fc.asyncProperty(
        reads,
        expectations,
        fc.constantFrom(0, 5000, 1e6),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 7 }),
        async (wanted, lengths, room, delays) => {
          const { file, scratch } = open(room, delays);
          await using kept = scratch;
          await using source = await file.open();
          let at = 700;
          source.expect!(
            lengths.map((lengthBytes) => {
              const offsetBytes = at;
              at += lengthBytes;
              return { offsetBytes, lengthBytes: Math.min(lengthBytes, data.length - offsetBytes) };
            }),
          );
          await Promise.all(
            wanted.map(async ({ start, length: most, isAborted }) => {
              const length = Math.min(most, data.length - start);
              const stop = new AbortController();
              const reading = readFrom(source, start, length, stop.signal);
              if (isAborted) setImmediate(() => stop.abort(new RangeError("told to stop")));
              const got = await reading.catch((error: unknown) => error);
              if (isAborted && got instanceof RangeError) return;
              expect(got).toEqual(data.slice(start, start + length));
            }),
          );
          void kept;
        },
      ),
      { numRuns: 60 },
    );
  });

  it("fetches each byte once where scratch has room, over all its openings", async () => {
    await fc.assert(
      fc.asyncProperty(reads, async (wanted) => {
        const { file, scratch, fetched } = open(1e6);
        await using kept = scratch;
        const covered = new Uint8Array(data.length).fill(1, 0, headLength);
        for (const { start, length } of wanted) {
          await using source = await file.open();
          await readFrom(source, start, Math.min(length, data.length - start));
          covered.fill(1, start, start + length);
        }
        const all = fetched.reduce((sum, { length }) => sum + length, headLength);
        expect(all).toBe(covered.reduce((sum, one) => sum + one, 0));
        void kept;
      }),
      { numRuns: 40 },
    );
  });

  it("brings what is expected in whole reads, ahead of the reader, in the order of need", async () => {
    const { file, scratch, fetched } = open(1e6);
    await using kept = scratch;
    await using source = await file.open();
    const expected = [30_000, 10_000, 50_000].map((offsetBytes) => ({ offsetBytes, lengthBytes: 4000 }));
    source.expect!(expected);
    expect(fetched).toEqual(expected.map(({ offsetBytes }) => ({ start: offsetBytes, length: 4000 })));
    expect(await readFrom(source, 10_500, 100)).toEqual(data.slice(10_500, 10_600));
    expect(await readFrom(source, 53_000, 1000)).toEqual(data.slice(53_000, 54_000));
    expect(fetched).toHaveLength(3);
    void kept;
  });

  it("tells a reader why what it expected cannot be had, and nobody else", async () => {
    const scratch = openScratch(folder, bytes(1e6));
    await using kept = scratch;
    const fill = async (): Promise<void> => {
      throw new SwathError("raster", { what: "kept cannot be fetched", got: "HTTP 404" });
    };
    const file = keptFile({ name: "kept", size: data.length, fill }, data.slice(0, headLength), {
      scratch,
      pool: openBufferPool(4),
    });
    await using source = await file.open();
    source.expect!([{ offsetBytes: 5000, lengthBytes: 100 }]);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(readFrom(source, 5000, 10)).rejects.toThrow("kept cannot be fetched: got HTTP 404");
    expect(await readFrom(source, 0, 10)).toEqual(data.slice(0, 10));
    void kept;
  });
});

describe("scratch", () => {
  it("ends where its bound is, leaves no file behind and waits for what is under way when it is closed", async () => {
    const scratch = openScratch(folder, bytes(100));
    expect([scratch.reserve(60), scratch.reserve(60), scratch.reserve(40), scratch.reserve(1)]).toEqual([
      0,
      null,
      60,
      null,
    ]);
    const writing = scratch.write(
      Uint8Array.from({ length: 60 }, (_, i) => i),
      0,
    );
    await writing;
    expect(await readdir(folder)).toEqual([]);
    const buffer = new Uint8Array(3);
    const reading = scratch.read(buffer, 5);
    await scratch[Symbol.asyncDispose]();
    await reading;
    expect([...buffer]).toEqual([5, 6, 7]);
    await expect(scratch.read(buffer, 5)).rejects.toThrow(/closed/);
  });

  it("says which folder has no room for it", async () => {
    const scratch = openScratch(join(folder, "absent"), bytes(100));
    await expect(scratch.write(new Uint8Array(1), 0)).rejects.toMatchObject({ tag: "storage" });
    await scratch[Symbol.asyncDispose]();
  });
});
