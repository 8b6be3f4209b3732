import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { messageOf, SwathError } from "../errors.ts";
import type { Detection } from "../detection/detection.ts";
import { snapOutline } from "../detection/outline.ts";
import { assertVersion, ByteReader, ByteWriter } from "./byte-cursor.ts";
import { bodyLength, type DetectionColumns, readBody, writeBody } from "./detection-columns.ts";
import {
  type BatchHead,
  coarsestSubdivision,
  finestSubdivision,
  packHead,
  unpackHead,
} from "./detection-head.ts";
import { maxOutlineBytes, readOutlines, writeOutlines } from "./detection-outlines.ts";

/**
 * Detections on the wire: a head with scene, georeference and grid, sent once, and the body of an Arrow record batch with
 * six small columns, compressed. `detection-arrow.ts` makes the complete Arrow stream of a batch.
 * Wire format: docs/formats.md.
 */
export const detectionsVersion = 1;
/** Of batches with outlines: the same, and a section behind it. Boxes alone stay what they were, byte for byte. */
export const outlinedVersion = 2;

/** All detections of one acquisition. */
export interface DetectionBatch extends BatchHead {
  /** Boxes and outlines in pixels of the scene, as `quantiseDetections` leaves them. */
  readonly detections: readonly Detection[];
}

const scoreSteps = 255;
const maxSteps = 65_535;
/** Bounds what a hostile payload can make a station allocate. */
const maxDetections = 1 << 22;

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
 * are cut to the scene. Points of outlines go to the same steps, and may lie outside of the scene. Number and order stay.
 * Idempotent; `decodeDetections ∘ encodeDetections` keeps the result as is.
 */
export const quantiseDetections = (
  detections: readonly Detection[],
  scene: { readonly width: number; readonly height: number },
): readonly Detection[] => {
  const steps = gridFor(scene);
  const snap = (edge: number, side: number) =>
    clamp(Math.round(edge * steps), 0, Math.floor(side * steps)) / steps;
  return detections.map(({ classId, score, boxPx, outlinePx }) => {
    const outline = outlinePx === undefined ? null : snapOutline(outlinePx, steps);
    const x0 = snap(boxPx.x0, scene.width);
    const y0 = snap(boxPx.y0, scene.height);
    const x1 = Math.max(x0, snap(boxPx.x1, scene.width));
    const y1 = Math.max(y0, snap(boxPx.y1, scene.height));
    return {
      classId,
      score: Math.round(clamp(score, 0, 1) * scoreSteps) / scoreSteps,
      boxPx: { x0, y0, x1, y1 },
      ...(outline === null ? {} : { outlinePx: outline }),
    };
  });
};

/** The coarsest grid that all edges and points lie on; `null` when even the finest does not hold them, or 16 bits do not. */
const subdivisionOf = (detections: readonly Detection[]): number | null => {
  for (let k = coarsestSubdivision; k <= finestSubdivision; k++) {
    const steps = 2 ** k;
    const fits = (edge: number) =>
      Number.isInteger(edge * steps) && edge * steps >= 0 && edge * steps <= maxSteps;
    const whole = ([x, y]: readonly [number, number]) =>
      Number.isInteger(x * steps) && Number.isInteger(y * steps);
    const all = detections.every(
      ({ boxPx: b, outlinePx = [] }) =>
        fits(b.x0) && fits(b.y0) && fits(b.x1) && fits(b.y1) && outlinePx.every(whole),
    );
    if (all) return k;
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
    ({ classId, score, boxPx, outlinePx }) =>
      outlinePx?.length !== 0 &&
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

/** Throws `SwathError("config")` for detections that were not quantised, and for class numbers above 255. */
export const encodeDetections = (batch: DetectionBatch): Uint8Array => {
  const { columns, subdivision } = columnsOf(batch.detections);
  const isOutlined = batch.detections.some(({ outlinePx }) => outlinePx !== undefined);
  const body = brotliCompressSync(writeBody(columns));
  const out = new ByteWriter();
  out.u8(isOutlined ? outlinedVersion : detectionsVersion);
  out.varint(batch.detections.length);
  out.block(packHead(batch, subdivision));
  if (!isOutlined) out.raw(body);
  else {
    out.block(body);
    out.raw(brotliCompressSync(writeOutlines(batch.detections, 2 ** subdivision)));
  }
  return out.finish();
};

const inflated = (input: ByteReader, packed: Uint8Array, maxOutputLength: number): Uint8Array => {
  try {
    return brotliDecompressSync(packed, { maxOutputLength });
  } catch (cause) {
    throw input.corrupt("compressed columns", messageOf(cause), cause);
  }
};

/** What `encodeDetections` was given. Throws `SwathError("link")` for damaged bytes or an unknown version. */
export const decodeDetections = (bytes: Uint8Array): DetectionBatch => {
  const input = new ByteReader("detections", bytes);
  const version = input.u8();
  const isOutlined = version === outlinedVersion;
  if (version !== detectionsVersion) assertVersion("detections", outlinedVersion, version);
  const count = input.varint("number of detections", maxDetections);
  const { subdivision, ...head } = unpackHead(input, input.block("head"));
  const packed = isOutlined ? input.block("columns") : input.rest();
  const body = inflated(input, packed, Math.max(1, bodyLength(count)));
  if (body.length !== bodyLength(count))
    throw input.corrupt(`${bodyLength(count)} bytes of columns`, `${body.length}`);
  const columns = readBody(body, count);
  const steps = 2 ** subdivision;
  const boxes = Array.from(columns.class, (_, i) => {
    const [x, y] = [columns.x[i]!, columns.y[i]!];
    const [x1, y1] = [x + columns.width[i]!, y + columns.height[i]!];
    return { x0: x / steps, y0: y / steps, x1: x1 / steps, y1: y1 / steps };
  });
  const shapes = isOutlined && readOutlines(inflated(input, input.rest(), maxOutlineBytes), boxes, steps);
  const detections = Array.from(columns.class, (classId, i): Detection => {
    const [boxPx, shape] = [boxes[i]!, shapes ? shapes[i] : null];
    return { classId, score: columns.score[i]! / scoreSteps, boxPx, ...(shape ? { outlinePx: shape } : {}) };
  });
  return { ...head, detections };
};
