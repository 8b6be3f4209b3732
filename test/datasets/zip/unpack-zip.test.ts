import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDataset } from "../../../datasets/dataset.ts";
import { unpackZip } from "../../../datasets/zip/unpack-zip.ts";

interface File {
  readonly name: string;
  readonly data: Buffer;
  readonly deflated?: boolean;
  /** Overrides of what the directory says. */
  readonly crc?: number;
  readonly size?: number;
  readonly flags?: number;
  /** Unix mode. */
  readonly mode?: number;
}

/** A ZIP archive as PKWARE's APPNOTE describes it. */
const zipOf = (files: readonly File[]): Buffer => {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflated = false, crc, size, flags = 0, mode = 0o100644 } of files) {
    const packed = deflated ? deflateRawSync(data) : data;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(crc ?? crc32(data), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size ?? data.length, 24);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE((mode << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    local.push(head, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
};

const golden = join(import.meta.dirname, "../../golden/jpeg2000/variants");

describe("ZIP archives", () => {
  let folder = "";
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "swath-zip-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const write = async (files: readonly File[]): Promise<string> => {
    const path = join(folder, `archive-${count++}.zip`);
    await writeFile(path, zipOf(files));
    return path;
  };
  const unpack = (path: string) => unpackZip(path, join(folder, "cache"));
  const text = Buffer.from("swath ".repeat(100));

  it("holds a dataset, stored or deflated", async () => {
    const [one, two] = await Promise.all(
      ["sentinel-2.jp2", "picture.jp2"].map((name) => readFile(join(golden, name))),
    );
    const path = await write([
      { name: "safe/a.jp2", data: one! },
      { name: "safe/b.jp2", data: two!, deflated: true },
      { name: "safe/inner.zip", data: text },
    ]);
    const dataset = await openDataset(path, { cacheDir: join(folder, "cache") });
    expect(dataset.scenes.map(({ id }) => id).toSorted()).toEqual(["a", "b"]);
    const unpacked = await unpack(path);
    expect(await readFile(join(unpacked, "safe/b.jp2"))).toEqual(two);
    await expect(stat(join(unpacked, "safe/inner.zip"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["a name above it", [{ name: "../../evil.tif", data: text }], "names below its own folder"],
    ["an absolute name", [{ name: "/etc/evil.tif", data: text }], "names below its own folder"],
    ["a name of Windows", [{ name: "a\\..\\..\\evil.tif", data: text }], "names below its own folder"],
    ["a name of 300 characters", [{ name: "n".repeat(300), data: text }], "at most 255 bytes"],
    ["a password", [{ name: "a.tif", data: text, flags: 1 }], "without a password"],
    ["a bomb", [{ name: "a.tif", data: Buffer.alloc(20_000_000), deflated: true }], "bytes inside"],
    ["a size that is not so", [{ name: "a.tif", data: text, deflated: true, size: 10 }], "a.tif is corrupt"],
    ["a checksum that is not so", [{ name: "a.tif", data: text, crc: 1 }], "wanted checksum 1"],
    [
      "the same file twice",
      [
        { name: "a.tif", data: text },
        { name: "a.tif", data: text },
      ],
      "a.tif cannot be unpacked",
    ],
  ] as const)("refuses one with %s, and leaves nothing", async (_, files, message) => {
    const path = await write(files);
    await expect(unpack(path)).rejects.toThrow(message);
    await expect(unpack(path)).rejects.toMatchObject({ tag: "dataset" });
  });

  it("leaves links out", async () => {
    const path = await write([
      { name: "link.tif", data: Buffer.from("/etc/passwd"), mode: 0o120777 },
      { name: "a.txt", data: text },
    ]);
    await expect(stat(join(await unpack(path), "link.tif"))).rejects.toThrow("ENOENT");
  });

  it("refuses what is none", async () => {
    const path = join(folder, "none.zip");
    await writeFile(path, text);
    await expect(unpack(path)).rejects.toThrow("wanted a ZIP archive");
  });
});
