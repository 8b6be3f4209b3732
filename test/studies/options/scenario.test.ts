import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { applyConfigFile } from "../../../cli/options/config-file.ts";
import { alignLabels } from "../../../measure/quality/label-classes.ts";
import { addRunOptions } from "../../../cli/commands/replay.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import { instant } from "../../../pipeline/units.ts";
import {
  linkErrorsOf,
  requireKnownStations,
  type Execution,
  type Scenario,
} from "../../../studies/scenario.ts";
import { parseLabelMap } from "../../../studies/options/label-map.ts";
import { readExecution, readScenario } from "../../../studies/options/scenario.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-scenario-"));

afterAll(() => rmSync(folder, { recursive: true }));

const read = (config: string | null, ...words: readonly string[]): Scenario & Execution => {
  const command = addRunOptions(new Command("test")).exitOverride();
  const file = join(folder, "config.yaml");
  if (config !== null) writeFileSync(file, config);
  command.parse(config === null ? words : ["--config", file, ...words], { from: "user" });
  applyConfigFile(command);
  return { ...readScenario("ships/", command.opts()), ...readExecution(command.opts()) };
};

/** Every key, what a file may say, and what comes of it. */
const keys: readonly (readonly [key: string, value: string, field: keyof (Scenario & Execution), unknown])[] =
  [
    ["model", "mine.onnx", "model", "mine.onnx"],
    ["device", "cuda,cpu", "device", ["cuda", "cpu"]],
    ["threshold", "0.4", "threshold", 0.4],
    ["map", "vessel=ship", "labelMap", new Map([["vessel", "ship"]])],
    ["tile", "320", "tileSizePx", 320],
    ["overlap", "32", "overlapPx", 32],
    ["constellation", "walker:6", "constellation", "walker:6"],
    ["spacecraft", "oec", "spacecraft", spacecraftOf(findSpacecraftPreset("oec")!)],
    ["stations", "ksat.json", "stations", "ksat.json"],
    ["start", "2026-05-01", "start", Date.parse("2026-05-01") / 1000],
    ["hours", "6", "horizon", 21_600],
    ["schedule", "cadence", "schedule", "cadence"],
    ["cadence", "30s", "cadence", 30],
    ["rate", "2Mbit/s", "rate", { kind: "fixed", rate: 2e6 }],
    ["screen-model", "brightness", "screenModel", "brightness"],
    ["epoch", "30s", "epoch", 30],
    ["link-security", "encrypt", "protection", "encrypt"],
    ["ber", "1e-5", "bitErrorRate", 1e-5],
    ["segment-loss", "0.1", "segmentLossRate", 0.1],
    ["outage", "[Svalbard:1h/3h, Troll:2h/4h]", "outages", ["Svalbard:1h/3h", "Troll:2h/4h"]],
    ["store", "2GB", "store", 2e9],
    ["evict", "oldest", "eviction", "oldest"],
    ["order", "weighted:3/2/1", "order", { kind: "weighted", weights: { results: 3, chips: 2, tiles: 1 } }],
    ["ask", "all", "ask", { from: 0, to: 1, tilesPerScene: 4 }],
    ["seed", "7", "seed", 7],
    ["out", "elsewhere", "out", "elsewhere"],
    ["nats", "nats://host:4222", "nats", "nats://host:4222"],
    ["replicas", "3", "replicas", 3],
    ["stream-bytes", "1GB", "streamBytes", 1e9],
    ["wait", "90s", "wait", 90],
    ["keep-results", "none", "keepResults", 0],
    ["strict", "true", "strict", true],
    ["speed", "60", "speed", 60],
    ["threads", "3", "threads", 3],
    ["json", "true", "json", true],
  ];

describe("a configuration file", () => {
  test.each(keys)("may say %s: %s", (key, value, field, wanted) => {
    expect(read(null)[field]).not.toEqual(wanted);
    expect(read(`${key}: ${value}`)[field]).toEqual(wanted);
  });

  test("has a key for every option but --config", () => {
    const { options } = addRunOptions(new Command());
    const untried = options.map(({ long }) => long?.slice(2)).filter((key) => !keys.some(([k]) => k === key));
    // How pixels are read, files of their own (tenants, orders), one that needs terminals, those that go together with another, and those that go together with `nats`.
    expect(untried).toEqual([
      "config",
      "classes",
      "workloads",
      "tenants",
      "bands",
      "reflectance-scale",
      "reflectance-offset",
      "imagers",
      "crosslinks",
      "crosslink-rate",
      "lock-share",
      "offload",
      "ask-scores",
      "ask-tiles",
      "commanded",
      "orders",
      "upsets",
      "protection",
      "scrub",
      "no-day",
      "ledger-key",
      "tag",
      "creds",
      "nkey",
      "login",
      "keys",
      "ca",
      "cert",
      "cert-key",
      "js-domain",
      "inbox",
      "link-replicas",
      "external",
      "endpoint",
      "allow-outside",
      "live",
    ]);
    expect(read("reflectance-scale: 1/10000\nbands: B02,B03").options).toMatchObject({ bands: "B02,B03" });
    expect(read("allow-outside: true").allowOutside).toBe(true);
    expect(read("crosslinks: grid\nspacecraft: three-body").crosslinks).toBe("grid");
    expect(() => read("crosslinks: grid\nspacecraft: cubesat-6u")).toThrow(
      /wanted a spacecraft with crosslink terminals/,
    );
    const joined = read("nats: nats://h\ncreds: me.creds\nexternal: true");
    expect(joined).toMatchObject({ creds: "me.creds", external: true });
  });

  test("lies under the command line", () => {
    const { seed, outages, rate } = read("seed: 7\noutage: A:1h/2h\nrate: 1Mbit/s", "--seed", "9");
    expect({ seed, outages, rate }).toEqual({
      seed: 9,
      outages: ["A:1h/2h"],
      rate: { kind: "fixed", rate: 1e6 },
    });
  });

  test("names the same run as the command line that says the same", () => {
    const words = ["--seed", "7", "--outage", "A:1h/2h", "--threshold", "0.5"];
    expect(read("seed: 7\noutage: A:1h/2h\nthreshold: 0.5").options).toEqual(read(null, ...words).options);
  });

  test("written from a scenario it gives that scenario again", () => {
    const scenario = read(null, "--hours", "5", "--rate", "20:8Mbit/s,5:2Mbit/s", "--outage", "A:0s/1h");
    expect(read(JSON.stringify(scenario.options))).toEqual(scenario);
    expect(scenario.rate).toMatchObject({ kind: "by-elevation", steps: [{ rate: 2e6 }, { rate: 8e6 }] });
    expect(parse(JSON.stringify(scenario.options))).toEqual(scenario.options);
  });

  test.each([
    ["hourss: 3", /wanted one of model, .*, got "hourss"/],
    ["config: other.yaml", /got "config"/],
    ["schedule: never", /schedule: wanted one of overflight, recorded, cadence, got "never"/],
    ["strict: maybe", /strict: wanted true or false, got "maybe"/],
    ["seed:", /seed: wanted one value, got null/],
    ["hours: {a: 1}", /hours: wanted one value, got \{"a":1\}/],
    ["- seed", /wanted a mapping of options such as seed: 7, got a list/],
    ["", /got nothing/],
    ["a: [1", /wanted YAML or JSON, got Flow sequence .* at line \d+, column \d+$/],
    ["hours: 0", /--hours: wanted a number from 0.01 to 2880, got "0"/],
    ["outage: North", /--outage: wanted STATION:FROM\/TO/],
    ["creds: me.creds", /--creds: wanted --nats URL beside it/],
    ["external: true", /--external: wanted --nats URL beside it/],
    ["evict: nothing", /evict: wanted one of lowest-priority, oldest, lowest-value/],
    ["order: weighted:1/2", /--order: wanted strict, value, weighted .*, got "weighted:1\/2"/],
    ["order: weighted:1/0/2", /weights from 0.001 to 1000/],
    ["ask-tiles: 3", /--ask-tiles: wanted --ask uncertain or all beside it/],
    ["{ask: all, ask-scores: 0.2/0.5}", /--ask-scores: wanted --ask uncertain beside it, got all/],
    ["{ask: uncertain, ask-scores: 0.6/0.5}", /--ask-scores: wanted LOW\/HIGH/],
    ["rate: 95:2Mbit/s", /--rate \(elevation\): wanted a number from 0 to 90/],
  ])("that says %j is refused in one line", (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ tag: "config", message: expect.stringMatching(message) as unknown }),
    );
    expect(() => read(text)).toThrow(/^[^\n]+$/);
  });
});

test("an outage of a station that is not there is refused", () => {
  const errors = linkErrorsOf(read(null, "--outage", "Nowhere:1h/2h"), instant(0));
  expect(requireKnownStations(errors, [{ id: "Nowhere" }])).toBe(errors);
  expect(() => requireKnownStations(errors, [{ id: "North" }])).toThrow(
    '--outage: wanted one of North, got "Nowhere"',
  );
});

describe("label classes", () => {
  const label = (className: string) => ({ className, boxPx: { x0: 0, y0: 0, x1: 4, y1: 4 } });
  const scene = {
    id: "a",
    width: 9,
    height: 9,
    bands: [],
    georeference: null,
    acquiredAt: null,
    platform: null,
  };
  const none = new Set<string>();

  test("are matched by name whatever the case, or as --map says", () => {
    const drawn = [{ scene, labels: [label("Airplane"), label("vessel"), label("tree")] }];
    const { labels, judged, notes } = alignLabels(drawn, ["airplane", "ship", "car"], {
      renamed: parseLabelMap("vessel=ship"),
      ignored: none,
    });
    expect(labels.get("a")?.map(({ className }) => className)).toEqual(["airplane", "ship"]);
    expect([...judged]).toEqual(["airplane", "ship"]);
    expect(notes.join("\n")).toMatch(/1 label of class tree left out/);
  });

  test("of another model are refused with a way out", () => {
    const drawn = [{ scene, labels: [label("tree")] }];
    expect(() => alignLabels(drawn, ["ship"], { renamed: new Map(), ignored: none })).toThrow(
      /--map LABEL=CLASS/,
    );
    expect(() => parseLabelMap("vessel")).toThrow(/LABEL=CLASS/);
  });
});

test("keys protect the links unless it is said otherwise, and that is part of what a run is", () => {
  expect(read(null).protection).toBe("none");
  expect(read(null, "--keys", "keys").protection).toBe("auth");
  expect(read(null, "--keys", "keys").options).toMatchObject({ "link-security": "auth" });
  expect(read(null, "--keys", "keys", "--link-security", "none").protection).toBe("none");
  expect(read(null).options).not.toHaveProperty("link-security");
  expect(read(null, "--keys", "keys").options).not.toHaveProperty("keys");
});
