import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DecodePool } from "../../../datasets/decoding/decode-pool.ts";
import { openRaster } from "../../../datasets/image/open-raster.ts";

/** `zstd --no-check` from a pipe: 64 bytes of "swath" repeated. */
const frame = Buffer.from("28b52ffd00585d000028737761746801008054b4", "hex");

const hostile = fileURLToPath(new URL("../../../../shared/cases/hostile/", import.meta.url));

/** A thread that says it is ready and then does `body` with each message. */
const withWorker = async (body: string, use: (file: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "swath-decoder-"));
  const file = join(folder, "worker.mjs");
  const script = `import { parentPort } from "node:worker_threads";
    parentPort.on("message", (job) => { ${body} });
    parentPort.postMessage({ kind: "ready" });`;
  try {
    await writeFile(file, script);
    await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
};

const job = { kind: "zstd", source: frame, decodedBytes: 64 } as const;

describe("the pool of decoders", () => {
  it("decodes side by side and leaves the caller's bytes alone", async () => {
    const pool = new DecodePool({ threads: 2 });
    const before = frame.toString("hex");
    const decoded = await Promise.all(Array.from({ length: 8 }, () => pool.decode(job)));
    for (const data of decoded) {
      expect(Buffer.from(data).toString()).toBe("swath".repeat(13).slice(0, 64));
    }
    expect(frame.toString("hex")).toBe(before);
  });

  it("hears that a frame is broken, cut off or longer than its block", async () => {
    const pool = new DecodePool({ threads: 1 });
    const broken = Buffer.from(frame);
    broken[8] = 0xff;
    await expect(pool.decode({ ...job, source: broken })).rejects.toThrow("broken");
    await expect(pool.decode({ ...job, source: frame.subarray(0, 12) })).rejects.toThrow("broken");
    await expect(pool.decode({ ...job, decodedBytes: 63 })).rejects.toThrow("more than 63 bytes");
    expect(await pool.decode(job)).toHaveLength(64);
  });

  it("ends a decoder that hangs, and goes on with the next job", async () => {
    const hang =
      "if (job.source[0] === 0) for (;;); parentPort.postMessage({ kind: 'done', data: job.source })";
    await withWorker(hang, async (workerFile) => {
      const pool = new DecodePool({ threads: 1, workerFile, limit: () => 300 });
      const hanging = pool.decode({ ...job, source: Uint8Array.of(0) });
      const next = pool.decode({ ...job, source: Uint8Array.of(7) });
      await expect(hanging).rejects.toThrow("decoding took more than 0.3 s");
      expect([...(await next)]).toEqual([7]);
    });
  });

  it("ends a decoder whose result is not wanted any more", async () => {
    await withWorker("for (;;);", async (workerFile) => {
      const pool = new DecodePool({ threads: 1, workerFile });
      const controller = new AbortController();
      const hanging = pool.decode(job, controller.signal);
      setTimeout(() => controller.abort(new Error("stop")), 200);
      await expect(hanging).rejects.toThrow("stop");
    });
  });

  it("tells of a decoder that crashes, and of one that cannot start", async () => {
    await withWorker("process.exit(3)", async (workerFile) => {
      const pool = new DecodePool({ threads: 1, workerFile });
      await expect(pool.decode(job)).rejects.toThrow("the decoder ended");
    });
    const absent = new DecodePool({ threads: 1, workerFile: join(tmpdir(), "swath-no-such-worker.mjs") });
    await expect(absent.decode(job)).rejects.toThrow("no thread to decode with");
  });
});

describe.skipIf(!existsSync(hostile))(`Zstandard as attackers write it (needs ${hostile})`, () => {
  it.each(["zstd-one-bit.tif", "zstd-hang-ds/S2_B02B03B04B08.tif"])("%s is refused at once", async (name) => {
    await using file = await openRaster(join(hostile, name));
    const window = { x: 0, y: 0, width: file.width, height: file.height };
    const start = performance.now();
    await expect(file.readWindow(window, [0])).rejects.toThrow(/corrupt \(zstd\)/);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(process.memoryUsage.rss()).toBeLessThan(1e9);
  });
});
