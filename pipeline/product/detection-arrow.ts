import {
  Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint16,
  Uint8,
} from "apache-arrow";
import { columnsOf, type DetectionBatch } from "./detection-batch.ts";
import { byteColumns, wordColumns } from "./detection-columns.ts";
import { metadataOf } from "./detection-head.ts";

/**
 * A batch as a complete Arrow IPC stream, for any Arrow implementation: columns `class`, `score` (255ths), `x`, `y`,
 * `width`, `height` (steps of 2^−subdivision pixel), scene and georeference in the schema's metadata. Boxes alone: outlines are
 * not columns of it.
 *
 * The link carries this stream without its two messages' heads, which follow from the format version and the batch's
 * length: 1.1 kB that say nothing, and that the Arrow package follows blindly (a few flipped bits in them made its reader
 * fill the heap). The body on the wire is this stream's body, byte for byte.
 * Throws like `encodeDetections`.
 */
export const detectionsToArrow = (batch: DetectionBatch): Uint8Array => {
  const { columns, subdivision } = columnsOf(batch.detections);
  const fields = [
    ...byteColumns.map((name) => new Field(name, new Uint8())),
    ...wordColumns.map((name) => new Field(name, new Uint16())),
  ];
  const length = columns.class.length;
  const children = [
    ...byteColumns.map((name) => makeData({ type: new Uint8(), length, data: columns[name] })),
    ...wordColumns.map((name) => makeData({ type: new Uint16(), length, data: columns[name] })),
  ];
  const schema = new Schema(fields, new Map(metadataOf(batch, subdivision)));
  const recordBatch = new RecordBatch(schema, makeData({ type: new Struct(fields), length, children }));
  return RecordBatchStreamWriter.writeAll([recordBatch]).toUint8Array(true);
};
