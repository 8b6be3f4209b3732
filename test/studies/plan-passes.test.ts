import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { later, seconds } from "../../pipeline/units.ts";
import { searchPiece } from "../../planning/contacts/contact-stream.ts";
import { passValue } from "../../planning/contacts/pass-table.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { walkerEpoch } from "../../planning/orbits/walker.ts";
import { openPassFile } from "../../studies/plan-passes.ts";

const noFile = (): Promise<string> => Promise.reject(new Error("no file is read"));

test("every pass comes back from the file to the last bit, and a file that was given up leaves nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "swath-passes-"));
  try {
    const satellites = await resolveConstellation("walker:20", noFile);
    const stations = await resolveStations("ksat", noFile);
    const to = later(walkerEpoch, seconds(6 * 3600));
    const passes = searchPiece({ satellites, stations, from: walkerEpoch, to });
    const path = join(folder, "passes.parquet");
    const file = await openPassFile(path, satellites, stations);
    await file.add(passes);
    expect(existsSync(path)).toBe(false);
    await file.close();
    const rows = await parquetReadObjects({ file: readFileSync(path).buffer });
    expect(passes.count).toBeGreaterThan(300);
    expect(rows).toEqual(
      Array.from({ length: passes.count }, (_, row) => ({
        satellite: satellites[passValue(passes, row, "satellite")]?.id,
        station: stations[passValue(passes, row, "station")]?.id,
        aos_unix_s: passValue(passes, row, "aos"),
        los_unix_s: passValue(passes, row, "los"),
        culmination_unix_s: passValue(passes, row, "culmination"),
        max_elevation_deg: passValue(passes, row, "maxElevation"),
      })),
    );
    const other = await openPassFile(join(folder, "other.parquet"), satellites, stations);
    await other.add(passes);
    await other.discard();
    expect(existsSync(join(folder, "other.parquet"))).toBe(false);
    expect(existsSync(join(folder, "other.parquet.part"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
