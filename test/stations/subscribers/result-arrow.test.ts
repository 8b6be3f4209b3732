import { tableFromIPC } from "apache-arrow";
import { expect, test } from "vitest";
import type { ResultMessage } from "../../../pipeline/mission/result-message.ts";
import { openResultStream, resultTable } from "../../../stations/subscribers/result-arrow.ts";

const placeless: ResultMessage = {
  schema: "swath-result/2",
  id: "replay-1-detect.1.0123456789abcdef",
  run: "replay-1-detect",
  policy: "detect",
  scene: "genoa",
  acquisition: 1,
  satellite: "A",
  station: "Svalbard",
  class: "ship",
  score: 0.5,
  place: "pixels",
  box_px: [1, 2, 3, 4],
  outline_px: null,
  longitude: null,
  latitude: null,
  polygon: null,
  captured_at: "2026-01-01T00:00:00.000Z",
  received_at: "2026-01-01T00:00:01.500Z",
  latency_s: 1.5,
};
const placed: ResultMessage = {
  ...placeless,
  longitude: 8.9,
  latitude: 44.4,
  polygon: [
    [8.8, 44.3],
    [9, 44.3],
    [9, 44.5],
  ],
};

const read = async (groups: readonly (readonly ResultMessage[])[]) => {
  const stream = openResultStream();
  for (const group of groups) stream.write(group);
  stream.end();
  const parts: Uint8Array[] = [];
  for await (const part of stream.bytes) parts.push(part);
  return tableFromIPC(Buffer.concat(parts));
};

test("a stream holds what was written, in order, and has its columns when nothing was", async () => {
  const table = await read([[placeless], [placed, placeless]]);
  expect(table.numRows).toBe(3);
  expect(table.getChild("class")?.toJSON()).toEqual(["ship", "ship", "ship"]);
  expect(table.getChild("longitude")?.toJSON()).toEqual([null, 8.9, null]);
  expect(table.getChild("received_at")?.get(0)).toBe(Date.parse(placeless.received_at));
  const empty = await read([]);
  expect(empty.numRows).toBe(0);
  expect(empty.schema.names).toEqual(table.schema.names);
});

test("geometry is well-known binary that says so", () => {
  const table = resultTable([placed, placeless]);
  const [field] = table.schema.fields;
  expect(field?.metadata.get("ARROW:extension:name")).toBe("geoarrow.wkb");
  const bytes = table.getChild("geometry")?.get(0) as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // Little-endian, a polygon of one ring of four points, the first again at the end.
  expect([
    view.getUint8(0),
    view.getUint32(1, true),
    view.getUint32(5, true),
    view.getUint32(9, true),
  ]).toEqual([1, 3, 1, 4]);
  expect([view.getFloat64(13, true), view.getFloat64(21, true)]).toEqual([8.8, 44.3]);
  expect(table.getChild("geometry")?.get(1)).toBeNull();
});
