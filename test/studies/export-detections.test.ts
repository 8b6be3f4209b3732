import { describe, expect, it } from "vitest";
import { exportDetections, type ExportRequest } from "../../studies/export-detections.ts";
import { writeFixtureRun } from "../stations/gateway/run-folder.ts";

const fixture = writeFixtureRun();

const written = async (over: Partial<ExportRequest>): Promise<Buffer> => {
  const request = { runs: fixture.out, format: null, file: null, words: {}, ...over };
  const parts: Uint8Array[] = [];
  for await (const part of exportDetections(request, { note: (text) => expect.unreachable(text) }))
    parts.push(part);
  return Buffer.concat(parts);
};

describe("swath detections export", () => {
  it("writes what is asked for, in the format that the file's ending names", async () => {
    const all = JSON.parse((await written({})).toString()) as { features: readonly object[] };
    expect(all.features).toHaveLength(fixture.count);
    const rows = (await written({ file: "ships.csv", words: { class: "tug", run: "replay-00c0ffee" } }))
      .toString()
      .trim()
      .split("\r\n");
    expect(rows.slice(1).every((row) => row.includes(",tug,"))).toBe(true);
    expect(rows.length).toBeGreaterThan(3);
    expect((await written({ file: "a.fgb" })).subarray(0, 3).toString()).toBe("fgb");
    expect((await written({ format: "geoparquet", file: "a.bin" })).subarray(-4).toString()).toBe("PAR1");
  });

  it("says what is wrong before anything is written", async () => {
    await expect(written({ file: "a.shp" })).rejects.toThrow(
      /no format of ".shp": wanted .geojson, .parquet/,
    );
    await expect(written({ words: { bbox: "1,2" } })).rejects.toThrow(/bbox is not right/);
    await expect(written({ words: { class: "whale" } })).rejects.toThrow(
      /unknown class "whale": wanted ship, tug/,
    );
    await expect(written({ words: { run: "x" } })).rejects.toThrow(/unknown run "x"/);
    await expect(written({ runs: "/nowhere" })).rejects.toThrow(/no runs in \/nowhere/);
  });
});
