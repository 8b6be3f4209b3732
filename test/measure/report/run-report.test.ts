import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parseSummary, type RunSummary } from "../../../measure/summary/run-summary.ts";
import type { ReportInput } from "../../../measure/report/run/report-input.ts";
import { reportSections } from "../../../measure/report/run/registry.ts";
import { renderReport } from "../../../measure/report/run-report.ts";
import { instant, parseInstant } from "../../../pipeline/units.ts";
import { fixture, reportScene } from "./fixture.ts";
import { absolutePaths, csvOf, hasOneHeading, reachesOut, sectionTitles, unbalanced } from "./page.ts";
import { policySummary } from "./policy-fixture.ts";

let input: ReportInput;
let page = "";
beforeAll(async () => {
  input = await fixture();
  page = renderReport(input);
  // To look at it: SWATH_REPORT=/tmp/report.html npx vitest run test/measure/report
  if (process.env["SWATH_REPORT"]) writeFileSync(process.env["SWATH_REPORT"], page);
});

const withSummary = (change: Partial<RunSummary>): string =>
  renderReport({ ...input, summary: { ...input.summary, ...change } });

test("the fixture is a summary that parses", () => {
  expect(() => parseSummary(input.summary)).not.toThrow();
});

describe("the page", () => {
  test("opens with the answer: the day against raw, then verdicts and what they rest on", () => {
    expect(
      page.replaceAll(/<[^>]*>|\s+/g, (part) => (part === "<h1>" ? part : part.startsWith("<") ? "" : " ")),
    ).toMatch(
      /<h1> ?A full day takes [^.]*.?[^.]* of detections where lossless imagery takes .* Half has landed after /,
    );
    expect(sectionTitles(page).slice(0, 3)).toEqual([
      "Does it fit?",
      "What it rests on",
      "Policies side by side",
    ]);
    expect(page).toContain("0 of 32 figures of cubesat-6u published");
    expect(page).toContain("Trained on 2 of these 3 scenes.");
  });

  test("needs no network and runs no script", () => {
    expect(reachesOut(page)).toEqual([]);
    expect(page).toContain("default-src 'none'");
  });

  test("is the same every time, its tags are balanced, and it is small enough to send", () => {
    expect(renderReport(input)).toBe(page);
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(page.length).toBeLessThan(2e6);
  });

  test("escapes what comes from outside", () => {
    expect(page).toContain("Troll &lt;Antarctica&gt;");
    const name = `"><img src=x onerror=alert(1)>`;
    expect(withSummary({ dataset: { ...input.summary.dataset, name } })).not.toContain("<img");
  });

  test("names no folder of the machine that made it, whoever names one", () => {
    const text = renderReport({
      ...input,
      notes: ["scene a left out: cannot read /home/somebody/data/a.tif"],
      summary: {
        ...input.summary,
        dataset: { ...input.summary.dataset, name: "/work/somewhere/ships" },
        constellation: { ...input.summary.constellation, spec: "/root/active.tle:FLOCK" },
      },
      reproduce: {
        command: "swath compare /tmp/x/ships --config scenario.yaml",
        configuration: "model: /data/m/model.json\n",
      },
    });
    expect(absolutePaths(text)).toEqual([]);
    expect(text).toContain("…/ships");
    expect(text).toContain("…/a.tif");
  });

  test("puts the interval of its accuracy beside it", () => {
    const quality = input.summary.policies[0]?.quality;
    const { low, high } = quality?.intervals.ap50FromThreshold ?? { low: 0, high: 0 };
    expect(quality?.intervals.ap50FromThreshold).not.toBeNull();
    expect(page).toContain(`${low.toFixed(2)} … ${high.toFixed(2)}`);
  });

  test("has a section for each line of the registry that has something to say, and one first heading", () => {
    const shown = reportSections.filter(({ render }) => render(input) !== null).map(({ title }) => title);
    expect(sectionTitles(page)).toEqual(shown);
    expect(new Set(reportSections.map(({ id }) => id)).size).toBe(reportSections.length);
    expect(hasOneHeading(page)).toBe(true);
  });

  test("tells every picture to those who cannot see it, and every mark by more than its hue", () => {
    const figures = [...page.matchAll(/<svg[^>]*role="img"[^>]*>/g)];
    expect(figures.length).toBeGreaterThan(30);
    for (const [svg] of figures) expect(svg).toMatch(/aria-label="[^"]+"/);
    expect(page).toContain("does not fit: ");
    expect(page).toMatch(/class="box alarm"[\s\S]*?<path class="line"/);
  });

  test("states the ground in metres: the scale bar follows the size of a pixel on the ground", () => {
    const [first] = input.scenes;
    if (first?.picture == null) throw new Error("the fixture has a picture");
    const halved = {
      ...first,
      picture: { ...first.picture, pixelSize: 5 as NonNullable<typeof first.picture.pixelSize> },
    };
    expect(page).toMatch(/class="scale"[\s\S]*?>1\u202fkm</);
    expect(renderReport({ ...input, scenes: [halved] })).toMatch(/class="scale"[\s\S]*?>500\u202fm</);
  });
});

describe("nothing is left out in silence", () => {
  test("every acquisition stands in the table, however many, and pictures say how many more", () => {
    const scenes = Array.from({ length: 75 }, (_, i) =>
      reportScene(`port-${i}`, i, i < 2 ? input.scenes[0]!.picture : null),
    );
    const text = renderReport({ ...input, scenes });
    for (const { scene } of scenes) expect(text).toContain(`>${scene}<`);
    expect(text).toContain("All 75 acquisitions");
    expect(text).toContain("73 more, listed above.");
  });

  test("scenes that nobody saw are named with the reason", () => {
    const unseen = [{ scene: "port-x", reason: "no swath covers it" }];
    expect(withSummary({ schedule: { ...input.summary.schedule, unseen } })).toContain(
      "port-x (no swath covers it)",
    );
  });

  test("tables are kept inside as CSV: a row a policy, a scene, a contact", () => {
    const tables = csvOf(page);
    expect([...tables.keys()]).toEqual(["policies.csv", "verdicts.csv", "scenes.csv", "contacts.csv"]);
    expect(tables.get("policies.csv")).toHaveLength(1 + input.summary.policies.length);
    expect(tables.get("verdicts.csv")).toHaveLength(1 + 5 * input.summary.policies.length);
    expect(tables.get("scenes.csv")).toHaveLength(1 + input.scenes.length);
    expect(tables.get("contacts.csv")).toHaveLength(1 + input.contacts.length);
    for (const [, rows] of tables) for (const row of rows) expect(row).toHaveLength(rows[0]!.length);
  });

  test("what never came is counted: medians and the slowest are of all that was made", () => {
    const never = input.scenes.map((scene) => ({ ...scene, delays: { ...scene.delays, raw: null } }));
    expect(renderReport({ ...input, scenes: never })).toContain("never");
  });

  test.each([
    [12, "named"],
    [98, "A line of three pixels is one satellite"],
    [900, "A row is 15 satellites"],
  ])("contacts of %d satellites are drawn", (count, words) => {
    const satellites = Array.from({ length: count }, (_, i) => `SAT-${String(i).padStart(3, "0")}`);
    const start = parseInstant(input.summary.horizon.from) as number;
    const contacts = satellites.map((satellite, i) => ({
      satellite,
      station: "matera",
      aos: instant(start + 60 * i),
      los: instant(start + 60 * i + 400),
      bytesByPolicy: {},
    }));
    const constellation = { ...input.summary.constellation, satellites };
    const text = renderReport({
      ...input,
      contacts,
      scenes: [],
      summary: { ...input.summary, constellation },
    });
    if (words === "named") for (const name of satellites) expect(text).toContain(`title="${name}"`);
    else expect(text).toContain(words);
    expect(text.length).toBeLessThan(1e6);
  });
});

test("lanes of many satellites name the planes that names tell of", () => {
  const start = parseInstant(input.summary.horizon.from) as number;
  for (const [planes, each] of [
    [5, 12],
    [40, 15],
  ] as const) {
    const satellites = Array.from(
      { length: planes * each },
      (_, i) => `dove-${Math.floor(i / each) + 1}-${String((i % each) + 1).padStart(2, "0")}`,
    );
    const contacts = satellites.map((satellite, i) => ({
      satellite,
      station: "matera",
      aos: instant(start + 60 * i),
      los: instant(start + 60 * i + 400),
      bytesByPolicy: {},
    }));
    const constellation = { ...input.summary.constellation, satellites };
    const text = renderReport({
      ...input,
      contacts,
      scenes: [],
      summary: { ...input.summary, constellation },
    });
    for (let plane = 1; plane <= planes; plane++) expect(text).toContain(`>dove-${plane}</span>`);
    expect(unbalanced(text)).toEqual([]);
  }
});

describe("with less to show", () => {
  test("a load test says so before any number, and its map has no passes", () => {
    const schedule = { ...input.summary.schedule, rule: "cadence" as const, flownOver: false, camera: null };
    const text = renderReport({ ...input, tracks: [], summary: { ...input.summary, schedule } });
    expect(text.indexOf("Load test: no satellite was over these scenes.")).toBeLessThan(text.indexOf("<h1"));
    expect(text).toContain("so the map has no passes");
    expect(text).not.toContain("off track");
  });

  test("without a full day the scenes speak, and the section says why there is none", () => {
    const text = withSummary({ day: null, noDay: "--no-day" });
    expect(text).toContain("No full day was flown: --no-day.");
    expect(text).toMatch(/<h1>[\s\S]*detect[\s\S]*sends[\s\S]*of the lossless raw imagery/);
  });

  test("one policy, as in a replay", () => {
    const policies = [policySummary("detect", { agreementWithRaw: null })];
    const text = withSummary({ policies, day: null, noDay: "not asked for" });
    expect(text).toContain("; 2,170 detections reached the ground.");
    expect(text).not.toContain(">yardstick<");
  });

  test("no labels, no energy, no contacts, no pictures: each section says so in a line", () => {
    const policies = input.summary.policies.map((p) => ({
      ...p,
      quality: null,
      energyJoules: null,
      platform: null,
    }));
    const text = renderReport({
      ...input,
      scenes: [],
      tracks: [],
      contacts: [],
      summary: { ...input.summary, policies },
    });
    for (const line of [
      "No labels to measure against.",
      "No contact was planned.",
      "No scene is drawn.",
      "No energy was kept",
    ])
      expect(text).toContain(line);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("nothing sent and nothing found", () => {
    const nothing = policySummary("detect");
    const byProduct = { detections: 0, chips: 0, tileLossless: 0, tileLossy: 0 };
    const onLink = { total: 0, framing: 0, retransmission: 0, idle: 0, byProduct };
    const empty = {
      ...nothing,
      bytes: { ...nothing.bytes, onLink, rawLosslessFramed: 0 },
      detections: { onBoard: 0, delivered: 0 },
      savingFraction: null,
      deliveredShare: { acquisitionsFraction: null, bytesFraction: null },
      latencySeconds: null,
      agreementWithRaw: null,
      losses: [],
    };
    const scenes = input.scenes.map((scene) => ({
      ...scene,
      marks: null,
      detections: 0,
      delays: { detect: null },
      station: null,
    }));
    const text = renderReport({
      ...input,
      scenes,
      summary: { ...input.summary, policies: [empty], day: null, noDay: "not asked for" },
    });
    expect(text).toContain("sends 0\u202fB; 0 detections reached the ground.");
    expect(text).toContain("Nothing arrived.");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("a picture from the network is refused", () => {
    const scenes = input.scenes.map((scene) => ({
      ...scene,
      picture: scene.picture && { ...scene.picture, imageDataUri: "https://example.org/a.webp" },
    }));
    expect(() => renderReport({ ...input, scenes })).toThrow(/wanted data:image\/webp/);
  });
});
