import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { commandDocs } from "../../../cli/text/command-docs.ts";
import { swathProgram } from "../../../cli/program.ts";
import { parseModelCard } from "../../../models/card/card.ts";
import { headKinds, headOf } from "../../../models/heads/card-head.ts";
import { processAcquisition } from "../../../operators/onboard/acquisition-work.ts";
import { parsePolicies, parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { WorkClock } from "../../../operators/flight/work-clock.ts";
import { decodeChips } from "../../../pipeline/product/chip.ts";
import { decodeDetections } from "../../../pipeline/product/detection-batch.ts";
import { inlineTileCodec } from "../../../pipeline/product/tile-codec.ts";
import { codecOf, priorityOf, type Product, type ProductKind } from "../../../pipeline/product/product.ts";
import { decodeEnvelope, encodeEnvelope } from "../../../pipeline/link/transfer/envelope.ts";
import { noUsage } from "../../../pipeline/link/frames/metered.ts";
import { instant } from "../../../pipeline/units.ts";
import { allPresets } from "../../../studies/inputs/presets.ts";
import { readScenario } from "../../../studies/options/scenario.ts";
import { pixelDetector, readerOf } from "../../fake-scene.ts";
import { defaultSpacecraft, fly, land, planOf } from "../../mission-fixture.ts";
import { renderReport } from "../../../measure/report/run-report.ts";
import { fixture } from "../../measure/report/fixture.ts";
import { zip } from "./tile-zipped.ts";

/*
 * Each registry is its list alone; here it is the list with the one line that `docs/extending.md` shows. Nothing else of Swath is
 * touched, so what these tests find is what a new file and a line give.
 */
vi.mock(import("../../../operators/policies/registry.ts"), async (original) => {
  const { best } = await import("./best.ts");
  return { policies: [...(await original()).policies, best] };
});
vi.mock("../../../models/heads/registry.ts", async (original) => {
  const { points } = await import("./points.ts");
  const { heads } = await original<typeof import("../../../models/heads/registry.ts")>();
  return { heads: [...heads, points] };
});
vi.mock(import("../../../operators/presets/registry.ts"), async (original) => {
  const { harbourWatch } = await import("./harbour-watch.ts");
  return { spacecraftPresets: [...(await original()).spacecraftPresets, harbourWatch] };
});
vi.mock("../../../pipeline/product/registry.ts", async (original) => {
  const { zippedTiles } = await import("./tile-zipped.ts");
  const { products } = await original<typeof import("../../../pipeline/product/registry.ts")>();
  return { products: [...products, zippedTiles] };
});
vi.mock(import("../../../measure/report/run/registry.ts"), async (original) => {
  const { bytesPerObject } = await import("./bytes-per-object.ts");
  const line = { id: "per-object", title: "Bytes an object", render: bytesPerObject };
  return { reportSections: [...(await original()).reportSections, line] };
});
vi.mock(import("../../../cli/commands/registry.ts"), async (original) => {
  const { policiesCommand } = await import("./policies-command.ts");
  return {
    commands: { ...(await original()).commands, policies: () => Promise.resolve(policiesCommand()) },
  };
});

afterEach(() => void vi.restoreAllMocks());

const scene = { id: "a", width: 80, height: 56 };

describe("a policy of one's own", () => {
  it("is asked for like the others, with its parameters", () => {
    const policy = parsePolicy("best:count=2,margin=4");
    expect(policy).toMatchObject({ label: "best-count-2-margin-4", where: "board", screens: false });
    expect(parsePolicies("best,raw").map(({ label }) => label)).toEqual(["raw", "best"]);
    expect(() => parsePolicy("best:count=0")).toThrow(/best:count: wanted a number from 1 to 1000/);
  });

  it("sends what it says", async () => {
    const drafts: { readonly kind: string; readonly payload: Uint8Array }[] = [];
    const clock = { clock: new WorkClock(instant(1000), null), captured: () => undefined };
    await processAcquisition(
      {
        policy: parsePolicy("best:count=2"),
        computer: defaultSpacecraft.computer,
        bands: { a: ["B02", "B03"] },
        tile: { sizePx: 32, overlapPx: 8 },
        detector: pixelDetector(),
        judge: null,
        radiation: null,
        screening: null,
        codec: inlineTileCodec,
        measureLossless: false,
        inFlight: 2,
        signal: new AbortController().signal,
      },
      { index: 0, satellite: "sat", scene: "a", at: instant(1000) },
      readerOf(scene),
      clock,
      async (draft) => void drafts.push(draft),
    );
    expect(drafts.map(({ kind }) => kind)).toEqual(["detections", "chips"]);
    const { detections } = decodeDetections(drafts[0]?.payload as Uint8Array);
    const shown = decodeChips(drafts[1]?.payload as Uint8Array).map(({ detectionIndex }) => detectionIndex);
    expect(shown).toHaveLength(2);
    const scores = detections.map(({ score }) => score).toSorted((a, b) => b - a);
    const ofShown = shown.map((index) => detections[index]?.score ?? 0).toSorted((a, b) => b - a);
    expect(ofShown).toEqual(scores.slice(0, 2));
  });

  it("flies from the satellite to the mission centre, which knows nothing of it", async () => {
    const policy = JSON.parse(JSON.stringify(parsePolicy("best:count=1"))) as ReturnType<typeof parsePolicy>;
    const own = planOf([scene], { policy });
    const usual = planOf([scene], { policy: parsePolicy("detect") });
    const landed = await land(own, [scene], (await fly(own, [scene])).backhaul);
    const detected = await land(usual, [scene], (await fly(usual, [scene])).backhaul);
    expect(landed[0]?.detections.length).toBeGreaterThan(0);
    expect(landed[0]?.detections.map(({ detection }) => detection)).toEqual(
      detected[0]?.detections.map(({ detection }) => detection),
    );
    expect(landed[0]?.chipsArrival).not.toBeNull();
  });
});

describe("a head of one's own", () => {
  const shipped = JSON.parse(readFileSync("models/shipped/ships-s2/model.json", "utf8")) as object;

  it("is named by a card, which is held to its fields", () => {
    expect(headKinds).toContain("points");
    expect(() => parseModelCard({ ...shipped, head: { kind: "points", sidePx: -1 } }, "x")).toThrow(/sidePx/);
  });

  it("reads what the network puts out", () => {
    const { head } = parseModelCard({ ...shipped, head: { kind: "points", sidePx: 4 } }, "x");
    const data = Float32Array.from([10, 20, 0.9, 5, 5, 0.1, 30, 8, 0.5]);
    const found = headOf(head).decode(new Map([["out", { data, shape: [3, 3] }]]), {
      scoreThreshold: 0.3,
      maxDetections: 10,
      classCount: 1,
      inputPx: { width: 64, height: 64 },
      tilePx: { x: 0, y: 0, width: 64, height: 64 },
    });
    expect(found.map(({ boxPx: { x0, y0 } }) => [x0, y0])).toEqual([
      [8, 18],
      [28, 6],
    ]);
  });
});

describe("a spacecraft of one's own", () => {
  it("is listed and flown by its name", () => {
    expect(allPresets().spacecraft.map(({ name }) => name)).toContain("harbour-watch");
    const { spacecraft, rate } = readScenario("builtin:harbour", { spacecraft: "harbour-watch" });
    expect(spacecraft.store.capacity).toBe(64e9);
    expect(rate).toMatchObject({ kind: "fixed", rate: 20e6 });
  });
});

describe("a product codec of one's own", () => {
  // With the line in the registry, the compiler knows the kind too.
  const kind = "tile-zipped" as ProductKind;

  it("has its place in envelopes, counts and the order of sending", () => {
    const product: Product = {
      number: 7,
      kind,
      acquisition: 1,
      tile: 3,
      readyAt: instant(5),
      priority: priorityOf(kind),
      payload: Uint8Array.from([1, 2, 3]),
    };
    expect(decodeEnvelope(7, encodeEnvelope(product))).toMatchObject({ product: { kind, tile: 3 } });
    expect(noUsage.payload[kind]).toBe(0);
    expect(priorityOf(kind)).toBe(priorityOf("tile-lossless"));
  });

  it("gives the ground the pixels back", async () => {
    const reader = readerOf(scene);
    const core = await reader.readWindow({ x: 0, y: 0, width: 32, height: 32 }, ["B02", "B03"]);
    const payload = zip(await inlineTileCodec.encode(core));
    const back = await codecOf(kind).decodeTile?.(payload, reader.scene.bands.slice(0, 2), inlineTileCodec);
    expect(back?.planes).toEqual(core.planes);
  });
});

describe("a report section of one's own", () => {
  it("stands in the report of a run", async () => {
    const page = renderReport(await fixture());
    expect(page).toContain("Bytes an object");
    expect(page).toMatch(/<li>detect: [\d.]+ k?B an object<\/li>/);
  });
});

describe("a command of one's own", () => {
  it("runs, and stands in the page of commands", async () => {
    const written: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
    await (await swathProgram()).parseAsync(["node", "swath", "policies", "--json"]);
    const rows = JSON.parse(written.join("")) as readonly { readonly name: string }[];
    expect(rows.map(({ name }) => name)).toEqual([
      "raw",
      "compress",
      "screen",
      "detect",
      "chips",
      "adaptive",
      "best",
    ]);
    expect(await commandDocs()).toContain("## swath policies");
  });
});

describe("docs/extending.md", () => {
  const page = readFileSync("docs/extending.md", "utf8");
  const blocks = [...page.matchAll(/`([\w/-]+\.ts)`:\n\n```ts\n(.*?)```/gs)].map(
    ([, path = "", code = ""]) => [path, code] as const,
  );

  it("has an example of each", () => {
    expect(blocks.map(([path]) => posix.dirname(path))).toEqual(
      expect.arrayContaining([
        "operators/policies",
        "models/heads",
        "operators/presets",
        "pipeline/product/kinds",
        "measure/report/run",
        "cli/commands",
      ]),
    );
  });

  it.each(blocks)("shows %s as it is run here", (path, code) => {
    const text = readFileSync(new URL(posix.basename(path), import.meta.url), "utf8");
    const relative = text.replaceAll(/"\.\.\/\.\.\/\.\.\/([^"]+)"/g, (_, target: string) => {
      const from = posix.relative(posix.dirname(path), target);
      return `"${from.startsWith(".") ? from : `./${from}`}"`;
    });
    expect(code).toBe(relative);
  });
});
