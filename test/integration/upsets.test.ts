import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startNatsServer } from "../../pipeline/bus/server.ts";
import { parseSummary, type RunSummary } from "../../measure/summary/run-summary.ts";
import { scratch, start, swath } from "./swath.ts";

const folder = scratch();
const stations = join(folder, "station.json");
const geometry = { type: "Point", coordinates: [15.4, 78.2, 100] };
const feature = { type: "Feature", geometry, properties: { name: "North", min_elevation_deg: 5 } };
writeFileSync(stations, JSON.stringify({ type: "FeatureCollection", features: [feature] }));
const scenario = [
  "builtin:harbour?scenes=2&size=512",
  "--constellation=walker:2",
  "--schedule=cadence",
  "--no-day",
  `--stations=${stations}`,
  "--cadence=8h",
  "--hours=12",
  "--upsets=300x",
  "--protection=vote",
];
const summaryIn = (out: string): RunSummary => {
  const [name = ""] = readdirSync(out).filter((entry) => !entry.startsWith("."));
  return parseSummary(JSON.parse(readFileSync(join(out, name, "summary.json"), "utf8")));
};
/** Nodes elsewhere do not fly a second time for the comparison. */
const uncompared = ({ policies, ...head }: RunSummary) => ({
  ...head,
  policies: policies.map((policy) => ({
    ...policy,
    upsets: policy.upsets && { ...policy.upsets, without: null },
  })),
});

describe("swath replay --upsets", () => {
  const out = join(folder, "one");

  it("says what fell, what it did and what protection cost", async () => {
    const { code, stdout, stderr } = await swath(["replay", ...scenario, "--out", out]);
    expect(stderr).not.toMatch(/swath:/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Radiation:\n {2}detect: upsets 300×, protection vote: bits turned over: \d/);
    const [detect] = summaryIn(out).policies;
    expect(detect?.upsets).toMatchObject({ factor: 300, protection: "vote", memoryFactor: 3 });
    expect(detect?.upsets?.weightUpsets).toBeGreaterThan(100);
    expect(detect?.upsets?.without?.detections).toBeGreaterThan(0);
    const report = readdirSync(out, { recursive: true }).find((path) => String(path).endsWith("report.html"));
    expect(readFileSync(join(out, String(report)), "utf8")).toMatch(/<h2[^>]*>Radiation<\/h2>/);
  }, 60_000);

  it("comes out the same with every satellite in a process of its own", async () => {
    const { runId, constellation, stations: grounds } = summaryIn(out);
    await using server = await startNatsServer();
    const elsewhere = join(folder, "many");
    const nodes = ["--run", `${runId}-detect`, "--nats", server.url];
    const running = [
      start(["replay", ...scenario, "--external", "--nats", server.url, "--out", elsewhere]),
      ...constellation.satellites.map((id) => start(["satellite", id, ...nodes])),
      ...grounds.map(({ id }) => start(["station", id, ...nodes])),
    ];
    const ended = await Promise.all(running.map(({ finished }) => finished));
    expect(ended.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(running.map(() => 0));
    expect(uncompared(summaryIn(elsewhere))).toEqual(uncompared(summaryIn(out)));
  }, 120_000);
});
