import { expect, test } from "vitest";
import { parseFleetSummary, stringifyFleetSummary } from "../../../measure/summary/fleet-summary.ts";
import { parquetReadObjects } from "hyparquet";
import { encodeFleetParquet } from "../../../studies/folder/satellite-parquet.ts";
import { flight, places, records, row, summary } from "./fleet-fixture.ts";
import { csvOf, hasOneHeading, sectionTitles, unbalanced } from "./page.ts";
import { renderFleetReport } from "../../../measure/report/fleet-report.ts";

test("a fleet's figures: sums, nearest ranks, and those that never came as endless", () => {
  expect(flight.conservation).toEqual({
    producedBytes: 600,
    deliveredBytes: 400,
    onBoardBytes: 120,
    droppedBytes: 80,
  });
  expect(flight.delays).toEqual([
    {
      kind: "detections",
      made: 6,
      delivered: 4,
      medianSeconds: 30,
      p90Seconds: null,
      slowestSeconds: 7000,
    },
  ]);
  expect(flight.power?.lowestCharge).toBe(0.2);
  expect(flight.waitSeconds.satellites).toBe(1);
  expect(flight.stations).toEqual([
    { id: "North", contacts: 2, bytes: 2558, seconds: 1 },
    { id: "South", contacts: 0, bytes: 0, seconds: 0 },
  ]);
  const text = stringifyFleetSummary(summary);
  expect(stringifyFleetSummary(parseFleetSummary(JSON.parse(text)))).toBe(text);
});

test("ledgers that do not balance are refused, by name", () => {
  const broken = { ...flight, conservation: { ...flight.conservation, droppedBytes: 81 } };
  expect(() => parseFleetSummary({ ...summary, flights: [broken] })).toThrow(
    /at flights\.0\.conservation.*produced 600 bytes, but 601/,
  );
});

test("the report stands alone, escapes names, says declared, and names what was idle", () => {
  const page = renderFleetReport({
    summary,
    flights: [records],
    places,
    notes: ["a note"],
    reproduce: { command: "swath simulate", configuration: "seed: 1" },
  });
  expect(page).not.toMatch(/<script|https?:\/\/|a<b|<hand>/);
  expect(page).toContain("Declared, not measured.");
  expect(page).toContain("Never sent to: South");
  expect(page).toContain("a&lt;b");
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(unbalanced(page)).toEqual([]);
  expect(hasOneHeading(page)).toBe(true);
  expect(sectionTitles(page)[0]).toBe("Does it fit?");
  const tables = csvOf(page);
  expect(tables.get("satellites.csv")).toHaveLength(1 + records.length);
  expect(tables.get("flights.csv")).toHaveLength(2);
});

test("rows come back from Parquet as they were", async () => {
  const rows = [row("a"), row("b", { lossless_bytes: null, min_charge: null, transmit_s: 0.1 + 0.2 })];
  const file = encodeFleetParquet(rows);
  const read = await parquetReadObjects({ file: file.buffer.slice(0, file.byteLength) as ArrayBuffer });
  const plain = read.map((one) =>
    Object.fromEntries(
      Object.entries(one).map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value]),
    ),
  );
  expect(plain).toEqual(rows);
});
