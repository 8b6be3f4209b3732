import fc from "fast-check";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSpool } from "../../pipeline/spool.ts";

describe("openSpool", () => {
  it("gives back what was written, whatever was written at the same time", async () => {
    await using spool = await openSpool(tmpdir());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }), async (blobs) => {
        const slots = await Promise.all(blobs.map((blob) => spool.write(blob)));
        const read = await Promise.all(slots.toReversed().map((slot) => spool.read(slot)));
        expect(read.toReversed()).toEqual(blobs);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("has no name that a killed process could leave behind", async () => {
    const parent = await mkdtemp(join(tmpdir(), "swath-test-"));
    await using spool = await openSpool(parent);
    const slot = await spool.write(Uint8Array.of(1, 2, 3));
    expect(readdirSync(parent)).toEqual([]);
    expect(await spool.read(slot)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("says where it could not write, and what to do", async () => {
    const parent = join(tmpdir(), "swath-test-not-there");
    expect(existsSync(parent)).toBe(false);
    await expect(openSpool(parent)).rejects.toMatchObject({ tag: "storage" });
    await expect(openSpool(parent)).rejects.toThrow(/TMPDIR/);
    await using spool = await openSpool(tmpdir());
    await expect(spool.read({ offset: 0, size: 4 })).rejects.toThrow(/wanted 4 bytes, got 0/);
  });
});
