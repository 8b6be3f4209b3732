import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { planCommand } from "../../../cli/commands/plan.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(console, "log").mockImplementation((text: string) => {
    printed += `${text}\n`;
  });
});
afterEach(() => vi.restoreAllMocks());

const plan = async (...words: readonly string[]): Promise<void> => {
  await planCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(words, { from: "user" });
};

describe("swath plan", () => {
  test("prints who is served where, and the first contacts", async () => {
    await plan("--constellation", "walker:3", "--stations", "builtin", "--hours", "12");
    expect(printed).toMatch(
      /^\d+ contacts, 2026-01-01T00:00:00.000Z … 2026-01-01T12:00:00.000Z; 3 of 3 satellites/,
    );
    expect(printed).toMatch(/Svalbard.*5°/);
    expect(printed).toMatch(/walker-1-\d\.Svalbard\.0/);
    expect(printed).toMatch(/and \d+ more: --out contacts\.csv/);
  });

  test("--json prints records, --out writes the same contacts whole", async () => {
    const csv = join(folder, "contacts.csv");
    const geojson = join(folder, "contacts.geojson");
    const orbits = ["--constellation", "walker:3", "--stations", "builtin"];
    await plan(...orbits, "--from", "2026-05-01T00:00:00Z", "--hours", "6", "--out", csv, "--json");
    const { from_utc, contacts } = JSON.parse(printed) as {
      from_utc: string;
      contacts: readonly { contact: string; duration_s: number }[];
    };
    expect(from_utc).toBe("2026-05-01T00:00:00.000Z");
    expect(contacts.every(({ duration_s }) => duration_s >= 30)).toBe(true);
    const lines = readFileSync(csv, "utf8").trim().split("\r\n");
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(contacts.map(({ contact }) => contact));
    await plan(...orbits, "--from", "2026-05-01T00:00:00Z", "--hours", "6", "--out", geojson);
    const { features } = JSON.parse(readFileSync(geojson, "utf8")) as { features: readonly unknown[] };
    expect(features.length).toBe(3 + contacts.length);
    expect(readdirSync(folder).toSorted()).toEqual(["contacts.csv", "contacts.geojson"]);
  });

  test("--rate tells what the contacts can carry, in the tables, as JSON and as CSV", async () => {
    const csv = join(folder, "rates.csv");
    await plan("--hours", "6", "--rate", "budget:oec", "--out", csv);
    expect(printed).toMatch(/GB can come down\nlink: link budget at 8\.15 GHz: EIRP 8\.01 dBW/);
    expect(printed).toMatch(/capacity/);
    const [header = "", first = ""] = readFileSync(csv, "utf8").split("\r\n");
    expect(header.split(",").slice(9).join(" ")).toBe(
      "capacity_bytes link_s rate_min_bps rate_median_bps rate_max_bps modcods doppler_max_hz doppler_rate_max_hz_s",
    );
    const [capacity = 0, link = 0, least = 0, median = 0, most = 0] = first.split(",").slice(9).map(Number);
    expect(least).toBeLessThan(median);
    expect(median).toBeLessThan(most);
    expect(capacity * 8).toBeGreaterThan(least * link);
    expect(capacity * 8).toBeLessThan(most * link);
    rmSync(csv);
  });

  test("--rate budget and --spacecraft take the radio of the spacecraft, a file its own", async () => {
    await plan("--hours", "3", "--spacecraft", "oec", "--rate", "budget", "--json");
    const byRadio = printed;
    printed = "";
    await plan("--hours", "3", "--rate", "budget:oec", "--json");
    expect(printed).toBe(byRadio);
    const yaml = join(folder, "link.yaml");
    writeFileSync(
      yaml,
      "frequency_ghz: 8.2\neirp_dbw: 8\ng_over_t_db_per_k: 25\nsymbol_rate_msps: 50\nrain: { rate_mm_h: 30, rain_height_km: 3 }\n",
    );
    printed = "";
    await plan("--hours", "3", "--rate", `budget:${yaml}`, "--json");
    const { contacts } = JSON.parse(printed) as { contacts: readonly { modcods: string }[] };
    expect(contacts.some(({ modcods }) => modcods.includes("QPSK 3/4;"))).toBe(true);
    printed = "";
    await plan("--hours", "3", "--rate", `budget:${yaml}`);
    expect(printed).toMatch(/rain by ITU-R P\.618 of 30 mm\/h, fade exceeded 0\.1 % of a year/);
    rmSync(yaml);
  });

  test.each([
    [
      "no such budget",
      ["--rate", "budget:nowhere.yaml"],
      "config",
      /--rate budget:nowhere\.yaml: wanted a YAML file, or one of oec/,
    ],
    [
      "a radio without budget",
      ["--rate", "budget"],
      "config",
      /--rate budget: wanted a spacecraft whose radio has a link budget/,
    ],
    ["a bad pattern", ["--constellation", "walker:x"], "config", /wanted walker:total/],
    ["a bad time", ["--from", "soon"], "config", /--from: wanted an ISO 8601/],
    ["a bad number", ["--hours", "-1"], "config", /--hours: wanted a number/],
    [
      "a bad ending",
      ["--out", "contacts.xml"],
      "config",
      /ending in \.csv, \.geojson, \.kml, \.czml, \.oem, \.ionrc, got contacts\.xml/,
    ],
    ["no file", ["--constellation", "missing.tle:X"], "config", /cannot read missing\.tle/],
    ["no folder", ["--out", "/nowhere/at/all.csv"], "storage", /cannot write \/nowhere\/at\/all\.csv/],
  ])("%s is one clear error", async (_, words, tag, message) => {
    const error: unknown = await plan("--hours", "6", ...words).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ tag, message: expect.stringMatching(message) as unknown });
    expect(printed).toBe("");
  });

  test("no contact in the horizon fails and writes nothing", async () => {
    const stations = join(folder, "steep.json");
    writeFileSync(
      stations,
      JSON.stringify({
        type: "FeatureCollection",
        features: [
          {
            type: "Feature",
            geometry: { type: "Point", coordinates: [0, 0] },
            properties: { name: "Steep", min_elevation_deg: 89 },
          },
        ],
      }),
    );
    const out = join(folder, "none.csv");
    await expect(plan("--stations", stations, "--hours", "2", "--out", out)).rejects.toThrow(
      /no contact between/,
    );
    expect(readdirSync(folder)).not.toContain("none.csv");
  });

  test("an unknown rule is wrong use, and the help has an example", async () => {
    await expect(plan("--rule", "fairest")).rejects.toMatchObject({ code: "commander.invalidArgument" });
    let help = "";
    planCommand()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    expect(help).toContain("$ swath plan --constellation walker:12");
  });
});
