/**
 * What products weigh and what coding them costs, on real Sentinel-2 tiles: `npm run bench:product`.
 * Speeds are CPU time of this process (libvips and zlib threads included), in million samples a second.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants, deflateSync, inflateSync } from "node:zlib";
import Table from "cli-table3";
import sharp from "sharp";
import { detectionSizes, outlineSizes } from "./detection-sizes.ts";
import { imageFormats } from "../../pipeline/product/image-codec.ts";
import { toLevels } from "../../pipeline/product/lossless/level-map.ts";
import { decodeTile, encodeTile } from "../../pipeline/product/lossless/lossless-tile.ts";
import { openTileCodec } from "../../pipeline/product/tile-codec.ts";
import { decodeLossyTile, encodeLossyTile } from "../../pipeline/product/lossy-tile.ts";
import { applyStretch, stretchOver } from "../../pipeline/product/stretch.ts";
import type { Band, Raster } from "../../pipeline/raster/raster.ts";
import { reportFigures, type Figure } from "./figures.ts";

const dataset = "../shared/datasets/sen2ships";
const side = 512;
const bandNames = { B02: "blue", B03: "green", B04: "red", B08: "nir" } as const;

const bands: readonly Band[] = Object.entries(bandNames).map(([name, commonName]) => ({
  name,
  commonName,
  sampleType: "uint16",
  scale: 1 / 65_535,
  offset: 0,
  unit: "reflectance",
  nodata: null,
}));

const readTile = async (port: string): Promise<Raster> => {
  const files = readdirSync(join(dataset, port));
  const planes = await Promise.all(
    bands.map(async ({ name }) => {
      const image = sharp(join(dataset, port, files.find((file) => file.includes(name)) ?? ""));
      const { width, height } = await image.metadata();
      const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
      const cut = image.extract({ left, top, width: side, height: side }).toColourspace("grey16");
      const data = await cut.raw({ depth: "ushort" }).toBuffer();
      return new Uint16Array(
        data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer,
      );
    }),
  );
  return { width: side, height: side, bands, planes, valid: null };
};

/** CPU seconds of `work`. */
const timed = async <T>(work: () => T | Promise<T>): Promise<readonly [result: T, seconds: number]> => {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
};

/** TIFF's predictor 2, or the median edge detector; low bytes apart from high ones where `split`. */
const residualBytes = (plane: Uint16Array, median: boolean, split: boolean): Uint8Array => {
  const out = new Uint8Array(2 * plane.length);
  for (let i = 0; i < plane.length; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const west = x > 0 ? plane[i - 1]! : 0;
    const north = y > 0 ? plane[i - side]! : west;
    const corner = x > 0 && y > 0 ? plane[i - side - 1]! : north;
    const edge = Math.max(Math.min(west, north), Math.min(Math.max(west, north), west + north - corner));
    const signed = ((plane[i]! - (median ? edge : west)) << 16) >> 16;
    const residual = (median ? (signed << 1) ^ (signed >> 31) : signed) & 0xffff;
    out[split ? i : 2 * i] = residual & 255;
    out[split ? plane.length + i : 2 * i + 1] = residual >> 8;
  }
  return out;
};

/** Packs plane by plane, and unpacks as far as the general-purpose codec goes (the predictor is not undone). */
interface PlaneCodec {
  readonly name: string;
  pack(plane: Uint16Array): Uint8Array | Promise<Uint8Array>;
  unpack(packed: Uint8Array): unknown;
}

const brotli = (quality: number) => (data: Uint8Array) =>
  brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });

const planeCodecs: readonly PlaneCodec[] = [
  {
    name: "deflate, predictor 2 (TIFF)",
    pack: (p) => deflateSync(residualBytes(p, false, false)),
    unpack: inflateSync,
  },
  {
    name: "PNG, 16 bits",
    pack: (p) =>
      sharp(p, { raw: { width: side, height: side, channels: 1 } })
        .toColourspace("grey16")
        .png({ compressionLevel: 9, adaptiveFiltering: true })
        .toBuffer(),
    unpack: (packed) => sharp(packed).raw({ depth: "ushort" }).toBuffer(),
  },
  ...[5, 9].map((quality) => ({
    name: `MED, bytes split, brotli ${quality}`,
    pack: (p: Uint16Array) => brotli(quality)(residualBytes(p, true, true)),
    unpack: brotliDecompressSync,
  })),
];

/** GDAL's lossless JPEG 2000 of all bands; `null` where there is no GDAL. */
const jpeg2000Bytes = (planes: readonly Uint16Array[], folder: string): number | null => {
  const raw = join(folder, "tile.raw");
  writeFileSync(raw, Buffer.concat(planes.map((p) => Buffer.from(p.buffer, p.byteOffset, p.byteLength))));
  const header = `ENVI\nsamples = ${side}\nlines = ${side}\nbands = ${planes.length}\ndata type = 12\ninterleave = bsq\nbyte order = 0\n`;
  writeFileSync(join(folder, "tile.hdr"), header);
  const out = join(folder, "tile.jp2");
  const options = ["-q", "-of", "JP2OpenJPEG", "-co", "QUALITY=100", "-co", "REVERSIBLE=YES"];
  try {
    execFileSync("gdal_translate", [...options, raw, out], { stdio: ["ignore", "ignore", "ignore"] });
    return statSync(out).size;
  } catch (error) {
    console.log(`JPEG 2000 left out: gdal_translate failed (${(error as Error).message.split("\n")[0]})`);
    return null;
  }
};

const show = (head: string[], rows: readonly (readonly string[])[]): void => {
  const table = new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  rows.forEach((row) => table.push([...row]));
  console.log(table.toString());
};

const lossless = async (tiles: readonly Raster[]): Promise<void> => {
  const sums = new Map<string, { bits: number; samples: number; packing: number; unpacking: number }>();
  const add = (name: string, bytes: number, samples: number, packing: number, unpacking: number) => {
    const sum = sums.get(name) ?? { bits: 0, samples: 0, packing: 0, unpacking: 0 };
    sum.bits += 8 * bytes;
    sum.samples += samples;
    sum.packing += packing;
    sum.unpacking += unpacking;
    sums.set(name, sum);
  };
  const folder = mkdtempSync(join(tmpdir(), "swath-bench-"));
  const samples = side * side * bands.length;
  for (const tile of tiles) decodeTile(encodeTile(tile), bands);
  // One after the other, as a satellite does it.
  for (const tile of tiles) {
    const [packed, packing] = await timed(() => encodeTile(tile));
    const [, unpacking] = await timed(() => decodeTile(packed, bands));
    add("swath lossless tile", packed.length, samples, packing, unpacking);
  }
  for (const tile of tiles) {
    const planes = tile.planes as readonly Uint16Array[];
    const levels = planes.map((plane) => toLevels(plane).levels);
    for (const [suffix, inputs] of [
      ["", planes],
      [" *", levels],
    ] as const) {
      for (const codec of planeCodecs) {
        for (const plane of inputs) {
          const [bytes, there] = await timed(() => codec.pack(plane));
          const [, back] = await timed(() => codec.unpack(bytes));
          add(codec.name + suffix, bytes.length, plane.length, there, back);
        }
      }
      const bytes = jpeg2000Bytes(inputs, folder);
      if (bytes !== null) add(`JPEG 2000 lossless (GDAL)${suffix}`, bytes, samples, NaN, NaN);
    }
  }
  rmSync(folder, { recursive: true });
  const own = sums.get("swath lossless tile")!;
  const rateOf = ({ samples, packing }: typeof own): number => samples / packing / 1e6;
  reportFigures([
    {
      what: "lossless tiles of six ports, in",
      value: rateOf(own),
      unit: "Msamples/s of processor",
    },
    ...["deflate, predictor 2 (TIFF)", "PNG, 16 bits", "JPEG 2000 lossless (GDAL)"].flatMap(
      (name): readonly Figure[] => {
        const other = sums.get(name);
        return other === undefined
          ? []
          : [
              {
                what: "lossless tiles of six ports",
                value: own.bits / own.samples,
                unit: "bits/sample",
                beside: { what: name, value: other.bits / other.samples },
                bar: { on: "ratio", most: 1 },
              },
            ];
      },
    ),
  ]);
  const speed = (samples: number, cpu: number) => (Number.isNaN(cpu) ? "" : (samples / cpu / 1e6).toFixed(1));
  console.log(
    `\nLossless, ${tiles.length} tiles of ${side} × ${side} × ${bands.length}, uint16 (* on levels instead of samples)`,
  );
  show(
    ["codec", "bits/sample", "× swath", "Msamples/s in", "out"],
    [...sums].map(([name, { bits, samples, packing, unpacking }]) => [
      name,
      (bits / samples).toFixed(3),
      (bits / own.bits).toFixed(2),
      speed(samples, packing),
      speed(samples, unpacking),
    ]),
  );
};

/** Whole tiles through the codec's threads, copies between them included: samples a second by the clock, and by the CPU time of a thread. */
const threads = async (tiles: readonly Raster[]): Promise<void> => {
  const rows: string[][] = [];
  for (const count of [1, 2]) {
    await using codec = openTileCodec(count);
    const many = Array.from({ length: 6 }, () => tiles).flat();
    const packed = await Promise.all(many.map((tile) => codec.encode(tile)));
    const samples = many.length * side * side * bands.length;
    const speed = async (work: (at: number) => Promise<unknown>) => {
      const start = performance.now();
      const [, cpu] = await timed(() => Promise.all(many.map((_, at) => work(at))));
      const clock = samples / (performance.now() - start) / 1e3;
      return [clock.toFixed(1), ((count * samples) / cpu / 1e6).toFixed(1)];
    };
    rows.push([
      `${count}`,
      ...(await speed((at) => codec.encode(many[at]!))),
      ...(await speed((at) => codec.decode(packed[at]!, bands))),
    ]);
  }
  console.log("\nLossless tiles on threads, Msamples/s (bar: ≥ 20 in on two)");
  show(["threads", "in, by the clock", "in, by CPU", "out, by the clock", "out, by CPU"], rows);
};

const lossy = async (tiles: readonly Raster[]): Promise<void> => {
  const rows: string[][] = [];
  for (const format of imageFormats) {
    for (const quality of [30, 50, 75, 90]) {
      let [bits, squares, errors, count, packing, unpacking] = [0, 0, 0, 0, 0, 0];
      for (const tile of tiles) {
        const [packed, there] = await timed(() => encodeLossyTile(tile, { format, quality }));
        const [back, home] = await timed(() => decodeLossyTile(packed, bands));
        bits += 8 * packed.length;
        packing += there;
        unpacking += home;
        tile.planes.forEach((plane, b) => {
          const stretch = stretchOver(plane, null);
          const [was, is] = [applyStretch(plane, stretch), applyStretch(back.planes[b]!, stretch)];
          plane.forEach((sample, i) => {
            squares += (was[i]! - is[i]!) ** 2;
            errors += ((back.planes[b]![i]! - sample) / 65_535) ** 2;
          });
          count += plane.length;
        });
      }
      rows.push([
        `${format} ${quality}`,
        ((bits * bands.length) / count).toFixed(2),
        (10 * Math.log10((255 * 255 * count) / squares)).toFixed(1),
        Math.sqrt(errors / count).toFixed(4),
        (count / packing / 1e6).toFixed(1),
        (count / unpacking / 1e6).toFixed(1),
      ]);
    }
  }
  console.log(
    `\nLossy, ${tiles.length} of these tiles; a pixel is ${bands.length} bands, PSNR over the 8-bit codes, RMSE in reflectance`,
  );
  show(["codec", "bits/pixel", "PSNR dB", "RMSE", "Msamples/s in", "out"], rows);
};

/** Detections as they come: sorted by score, anywhere in a Sentinel-2 tile, 4 to 40 pixels long. */
const detections = (): void => {
  const sizes = detectionSizes();
  const thousand = sizes.find(([count]) => count === "1000");
  reportFigures([
    {
      what: "a detection on the wire, in a batch of 1,000",
      value: Number(thousand?.[2]),
      unit: "bytes",
      bar: { most: 16 },
    },
  ]);
  console.log("\nDetections, georeference and scene name included (bar: ≤ 16 bytes each from 1,000 on)");
  show(["detections", "bytes", "bytes each"], sizes);
  show(["1,000 detections as", "bytes", "bytes each"], outlineSizes());
};

detections();
if (existsSync(dataset)) {
  const tiles = await Promise.all(
    ["algiers", "athens", "gdynia", "genoa", "klang", "valencia"].map(readTile),
  );
  await lossless(tiles);
  await threads(tiles);
  await lossy(tiles.slice(2, 4));
} else console.log(`no tiles measured: ${dataset} is not there`);
