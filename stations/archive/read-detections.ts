import { SwathError } from "../../pipeline/errors.ts";
import { openParquet, type ParquetCells } from "../../pipeline/parquet-reader.ts";
import type { AreaGeometry, Position } from "../../pipeline/raster/area-geometry.ts";
import type { OutlinePx } from "../../pipeline/detection/outline.ts";
import { type DetectionTable, detectionTable } from "./detection-table.ts";
import type { ResultOrigin } from "./record-message.ts";

/** Columns that are read, besides `outline_px` and `model` where they are; ids follow from the others. */
const wanted = [
  "geometry",
  "scene",
  "acquisition",
  "satellite",
  "station",
  "class",
  "score",
  "x0_px",
  "y0_px",
  "x1_px",
  "y1_px",
  "longitude",
  "latitude",
  "captured_at",
  "received_at",
  "latency_s",
] as const;

const optional = ["outline_px", "model"] as const;

type Name = (typeof wanted)[number] | (typeof optional)[number];

/** Rings of well-known binary, little-endian, polygons and multi-polygons without holes (OGC 06-103r4, 8.2): what Swath writes. */
const areaOf = (wkb: Uint8Array): AreaGeometry => {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.byteLength);
  let at = 0;
  const count = (): number => ((at += 4), view.getUint32(at - 4, true));
  const ringOf = (): readonly Position[] => {
    const isLittle = view.getUint8(at) === 1;
    at += 1;
    if (!isLittle || count() !== 3 || count() !== 1) throw new RangeError("no polygon of one ring");
    return Array.from({ length: Math.min(count(), wkb.length / 16) }, (): Position => {
      at += 16;
      return [view.getFloat64(at - 16, true), view.getFloat64(at - 8, true)];
    });
  };
  if (view.getUint32(1, true) !== 6) return { type: "Polygon", coordinates: [ringOf()] };
  at = 5;
  return { type: "MultiPolygon", coordinates: Array.from({ length: count() }, () => [ringOf()]) };
};

const outlineOf = (wkb: Uint8Array): OutlinePx => areaOf(wkb).coordinates[0]!.slice(0, -1) as OutlinePx;

const cannotTell = (path: string, what: string, got: string): SwathError =>
  new SwathError("storage", {
    what: `${path} holds no detections that this release reads`,
    wanted: what,
    got,
    hint: "fly the run again to have it",
  });

/** Yields to what else the process has to do: a long file must not hold up who asks meanwhile. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The detections of one `detections.parquet`, packed. Throws `SwathError("storage")` for a file that is cut short, or of another release:
 * one that lacks a column, or whose rows are of another run than `origin`.
 */
export const readDetections = async (path: string, origin: ResultOrigin): Promise<DetectionTable> => {
  await using file = await openParquet(path);
  const missing = [...wanted, "run"].filter((name) => !file.columns.includes(name));
  if (missing.length > 0) throw cannotTell(path, `columns ${missing.join(", ")}`, file.columns.join(", "));
  const names: readonly Name[] = [...wanted, ...optional.filter((name) => file.columns.includes(name))];
  const table = detectionTable(origin);
  table.reserve(file.rows);
  for (const group of file.groups) {
    const runs = await group.column("run");
    if (group.rows > 0 && runs[0] !== origin.run)
      throw cannotTell(path, `rows of ${origin.run}`, JSON.stringify(runs[0]));
    const cells = {} as Record<Name, ParquetCells>;
    for (const name of names) cells[name] = await group.column(name);
    try {
      addRows(table, cells, group.rows);
    } catch (cause) {
      throw cannotTell(path, "cells of their kind", cause instanceof Error ? cause.message : String(cause));
    }
    await breathe();
  }
  return table;
};

const addRows = (table: DetectionTable, cells: Readonly<Record<Name, ParquetCells>>, rows: number): void => {
  const text = (name: Name, row: number): string => cells[name][row] as string;
  const real = (name: Name, row: number): number => Number(cells[name][row]);
  const realOrNull = (name: Name, row: number): number | null => {
    const value = cells[name][row];
    return value === null || value === undefined ? null : Number(value);
  };
  for (let row = 0; row < rows; row += 1) {
    const geometry = cells.geometry[row] as Uint8Array | null | undefined;
    const outline = cells.outline_px?.[row] as Uint8Array | null | undefined;
    const model = cells.model?.[row] as string | null | undefined;
    table.add({
      area: geometry ? areaOf(geometry) : null,
      scene: text("scene", row),
      acquisition: real("acquisition", row),
      satellite: text("satellite", row),
      station: text("station", row),
      class: text("class", row),
      score: real("score", row),
      box_px: [real("x0_px", row), real("y0_px", row), real("x1_px", row), real("y1_px", row)],
      outline_px: outline ? outlineOf(outline) : null,
      longitude: realOrNull("longitude", row),
      latitude: realOrNull("latitude", row),
      capturedMs: real("captured_at", row),
      receivedMs: real("received_at", row),
      latency_s: real("latency_s", row),
      ...(model ? { model } : {}),
    });
  }
};
