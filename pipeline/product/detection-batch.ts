import { brotliCompressSync, brotliDecompressSync, deflateRawSync, inflateRawSync } from "node:zlib";
import { messageOf, SwathError } from "../errors.ts";
import type { Detection } from "../detection/detection.ts";
import type { Affine, Georeference } from "../raster/georeference.ts";
import { ByteReader, ByteWriter } from "./byte-cursor.ts";
import { bodyLength, type DetectionColumns, readBody, writeBody } from "./detection-columns.ts";

/**
 * Detections on the wire: a head with scene, georeference and grid, sent once, and the body of an Arrow record batch with
 * six small columns, compressed. `detection-arrow.ts` makes the complete Arrow stream of a batch.
 * Wire format: docs/formats.md.
 */
export const detectionsVersion = 1;

/** All detections of one acquisition. */
export interface DetectionBatch {
  /** `Scene.id`. */
  readonly scene: string;
  readonly georeference: Georeference | null;
  /** Boxes in pixels of the scene, as `quantiseDetections` leaves them. */
  readonly detections: readonly Detection[];
}

const scoreSteps = 255;
const maxSteps = 65_535;
const finestSubdivision = 4;
/** Steps of 256 pixels: scenes of up to 16 million pixels a side. */
const coarsestSubdivision = -8;
/** Bounds what a hostile payload can make a station allocate. */
const maxHeadBytes = 1 << 16;
const maxDetections = 1 << 22;

/** Preset dictionary of the head: words that georeferences are made of. Part of format version 1. */
const headDictionary = Buffer.from(
  [
    '"transform":"0.00 0 0.5 0 -0.5 000000" +proj=longlat +datum=WGS84 +no_defs EPSG:4326 EPSG:3857',
    "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs",
    "+proj=utm +zone=1 +south +datum=WGS84 +units=m +no_defs EPSG:327",
    '{"subdivision":"4","scene":"S2A_MSIL2A_2023","crs":"EPSG:326","proj4":"+proj=utm +zone=3',
    ' +datum=WGS84 +units=m +no_defs","transform":"10 0 600000 0 -10 4900020"}',
  ].join("\n"),
);

const gridFor = (scene: { readonly width: number; readonly height: number }): number => {
  const side = Math.max(scene.width, scene.height);
  for (let k = finestSubdivision; k >= coarsestSubdivision; k--) if (side * 2 ** k <= maxSteps) return 2 ** k;
  const wanted = `sides up to ${maxSteps * 2 ** -coarsestSubdivision} pixels`;
  throw new SwathError("config", { what: "scene to quantise detections in", wanted, got: `${side}` });
};

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/**
 * Snaps scores and boxes to the grid of the wire. Used on board and on the ground alike, so that what was detected on
 * board and sent equals what the ground would have found, detection for detection.
 *
 * Scores become whole 255ths (error ≤ 1/510). Box edges become whole steps of 2⁻ᵏ pixel (error ≤ half a step), k ≤ 4 as
 * large as 16 bits allow for the scene: 1/16 pixel up to 4,095 pixels a side, 1/4 for a Sentinel-2 tile of 10,980. Boxes
 * are cut to the scene. Number and order stay. Idempotent; `decodeDetections ∘ encodeDetections` keeps the result as is.
 */
export const quantiseDetections = (
  detections: readonly Detection[],
  scene: { readonly width: number; readonly height: number },
): readonly Detection[] => {
  const steps = gridFor(scene);
  const snap = (edge: number, side: number) =>
    clamp(Math.round(edge * steps), 0, Math.floor(side * steps)) / steps;
  return detections.map(({ classId, score, boxPx }) => {
    const x0 = snap(boxPx.x0, scene.width);
    const y0 = snap(boxPx.y0, scene.height);
    const x1 = Math.max(x0, snap(boxPx.x1, scene.width));
    const y1 = Math.max(y0, snap(boxPx.y1, scene.height));
    return {
      classId,
      score: Math.round(clamp(score, 0, 1) * scoreSteps) / scoreSteps,
      boxPx: { x0, y0, x1, y1 },
    };
  });
};

/** The coarsest grid that all edges lie on; `null` when even the finest does not hold them, or 16 bits do not. */
const subdivisionOf = (detections: readonly Detection[]): number | null => {
  for (let k = coarsestSubdivision; k <= finestSubdivision; k++) {
    const steps = 2 ** k;
    const fits = (edge: number) =>
      Number.isInteger(edge * steps) && edge * steps >= 0 && edge * steps <= maxSteps;
    if (detections.every(({ boxPx: b }) => fits(b.x0) && fits(b.y0) && fits(b.x1) && fits(b.y1))) return k;
  }
  return null;
};

/**
 * Columns on the coarsest grid that holds all boxes.
 * Throws `SwathError("config")` for detections that were not quantised, and for class numbers above 255.
 */
export const columnsOf = (
  detections: readonly Detection[],
): { readonly columns: DetectionColumns; readonly subdivision: number } => {
  const subdivision = subdivisionOf(detections);
  const sound = detections.every(
    ({ classId, score, boxPx }) =>
      Number.isInteger(classId) &&
      classId >= 0 &&
      classId <= 255 &&
      score === Math.round(score * scoreSteps) / scoreSteps &&
      score >= 0 &&
      score <= 1 &&
      boxPx.x1 >= boxPx.x0 &&
      boxPx.y1 >= boxPx.y0,
  );
  if (subdivision === null || !sound) {
    const wanted = "quantised boxes and scores, classes from 0 to 255";
    throw new SwathError("config", { what: "detections to encode", wanted, got: "others" });
  }
  const steps = 2 ** subdivision;
  const columns = {
    class: Uint8Array.from(detections, (d) => d.classId),
    score: Uint8Array.from(detections, (d) => Math.round(d.score * scoreSteps)),
    x: Uint16Array.from(detections, (d) => d.boxPx.x0 * steps),
    y: Uint16Array.from(detections, (d) => d.boxPx.y0 * steps),
    width: Uint16Array.from(detections, (d) => (d.boxPx.x1 - d.boxPx.x0) * steps),
    height: Uint16Array.from(detections, (d) => (d.boxPx.y1 - d.boxPx.y0) * steps),
  };
  return { columns, subdivision };
};

/** Shortest decimal that reads back as the same number, minus zero included. */
const decimal = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** What a batch says of all its detections at once. */
export const metadataOf = (
  { scene, georeference }: DetectionBatch,
  subdivision: number,
): readonly (readonly [name: string, value: string])[] => [
  ["subdivision", `${subdivision}`],
  ["scene", scene],
  ...(georeference && georeference.crs !== null ? [["crs", georeference.crs] as const] : []),
  ...(georeference
    ? [
        ["proj4", georeference.proj4] as const,
        ["transform", georeference.transform.map(decimal).join(" ")] as const,
      ]
    : []),
];

/** Throws `SwathError("config")` for detections that were not quantised, and for class numbers above 255. */
export const encodeDetections = (batch: DetectionBatch): Uint8Array => {
  const { columns, subdivision } = columnsOf(batch.detections);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(metadataOf(batch, subdivision))));
  const out = new ByteWriter();
  out.u8(detectionsVersion);
  out.varint(batch.detections.length);
  out.block(deflateRawSync(head, { level: 9, dictionary: headDictionary }));
  out.raw(brotliCompressSync(writeBody(columns)));
  return out.finish();
};

const unpack = (input: ByteReader, count: number): { readonly head: string; readonly body: Uint8Array } => {
  const head = input.block("head");
  const body = input.rest();
  const maxOutputLength = Math.max(1, bodyLength(count));
  try {
    return {
      head: inflateRawSync(head, { dictionary: headDictionary, maxOutputLength: maxHeadBytes }).toString(),
      body: brotliDecompressSync(body, { maxOutputLength }),
    };
  } catch (cause) {
    throw input.corrupt("compressed columns", messageOf(cause), cause);
  }
};

const metadataIn = (input: ByteReader, head: string): ReadonlyMap<string, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(head);
  } catch (cause) {
    throw input.corrupt("a head in JSON", messageOf(cause), cause);
  }
  const entries = typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
};

const georeferenceOf = (input: ByteReader, metadata: ReadonlyMap<string, string>): Georeference | null => {
  const proj4 = metadata.get("proj4");
  if (proj4 === undefined) return null;
  const text = metadata.get("transform") ?? "";
  const [a, b, c, d, e, f, ...more] = text.split(" ").map(Number);
  const all = [a, b, c, d, e, f];
  if (more.length > 0 || !all.every(Number.isFinite))
    throw input.corrupt("a transform of six numbers", `"${text}"`);
  return { crs: metadata.get("crs") ?? null, proj4, transform: all as unknown as Affine };
};

/** What `encodeDetections` was given. Throws `SwathError("link")` for damaged bytes or an unknown version. */
export const decodeDetections = (bytes: Uint8Array): DetectionBatch => {
  const input = new ByteReader("detections", bytes);
  input.version(detectionsVersion);
  const count = input.varint("number of detections", maxDetections);
  const { head, body } = unpack(input, count);
  if (body.length !== bodyLength(count))
    throw input.corrupt(`${bodyLength(count)} bytes of columns`, `${body.length}`);
  const metadata = metadataIn(input, head);
  const scene = metadata.get("scene");
  const subdivision = Number(metadata.get("subdivision"));
  const known =
    Number.isInteger(subdivision) && subdivision >= coarsestSubdivision && subdivision <= finestSubdivision;
  if (scene === undefined || !known)
    throw input.corrupt("a scene and a grid", `"${scene}", "${subdivision}"`);
  const columns = readBody(body, count);
  const steps = 2 ** subdivision;
  const detections = Array.from(columns.class, (classId, i) => {
    const [x, y] = [columns.x[i]!, columns.y[i]!];
    const [x1, y1] = [x + columns.width[i]!, y + columns.height[i]!];
    const boxPx = { x0: x / steps, y0: y / steps, x1: x1 / steps, y1: y1 / steps };
    return { classId, score: columns.score[i]! / scoreSteps, boxPx };
  });
  return { scene, georeference: georeferenceOf(input, metadata), detections };
};
