// What two readers that are not ours see in detections.parquet: DuckDB the rows and the metadata, GDAL/OGR the WKB.
//
//   SWATH_REGENERATE=1 npx vitest run test/stations/archive    (writes detections.parquet)
//   npm install --prefix /tmp/duck @duckdb/node-api           (not a dependency of Swath)
//   node test/golden/archive/recipe.mjs /tmp/duck             (writes expected.json)
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const here = (name) => new URL(name, import.meta.url).pathname;
const { DuckDBInstance } = createRequire(`${process.argv[2]}/package.json`)("@duckdb/node-api");
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const ask = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
const file = `'${here("detections.parquet")}'`;

// DuckDB knows GeoParquet and names the column's CRS from the metadata; the rows are read without that, as bare WKB.
const types = await ask(`DESCRIBE SELECT * FROM read_parquet(${file})`);
await connection.run("SET enable_geoparquet_conversion = false");
const rows = await ask(`SELECT * REPLACE (hex(geometry) AS geometry) FROM read_parquet(${file})`);
const [meta] = await ask(`SELECT decode(value) AS geo FROM parquet_kv_metadata(${file}) WHERE decode(key) = 'geo'`);

const toWkt = `
import sys
from osgeo import ogr
for line in sys.stdin:
    line = line.strip()
    g = ogr.CreateGeometryFromWkb(bytes.fromhex(line)) if line != "null" else None
    print(g.ExportToIsoWkt() + (" valid" if g.IsValid() else " invalid") if g else "null")
`;
const wkt = execFileSync("/usr/bin/python3", ["-c", toWkt], { input: rows.map((r) => r.geometry ?? "null").join("\n") });
wkt.toString().trim().split("\n").forEach((text, i) => (rows[i].geometry = text === "null" ? null : text));

const expected = {
  types: Object.fromEntries(types.map((t) => [t.column_name, t.column_type])),
  geo: JSON.parse(meta.geo),
  rows,
};
writeFileSync(here("expected.json"), `${JSON.stringify(expected, null, 1)}\n`);
