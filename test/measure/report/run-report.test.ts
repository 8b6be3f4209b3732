import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parseSummary } from "../../../measure/summary/run-summary.ts";
import type { ReportInput } from "../../../measure/report/run/report-input.ts";
import { renderReport } from "../../../measure/report/run-report.ts";
import { fixture } from "./fixture.ts";
import { policySummary } from "./policy-fixture.ts";

let input: ReportInput;
let page = "";
beforeAll(async () => {
  input = await fixture();
  page = renderReport(input);
  // To look at it: SWATH_REPORT=/tmp/report.html npx vitest run test/stations/report
  if (process.env["SWATH_REPORT"]) writeFileSync(process.env["SWATH_REPORT"], page);
});

/** The first tag that closes what is not open, or what stays open at the end; void ones aside. */
const unbalanced = (text: string): readonly string[] => {
  const open: string[] = [];
  const body = text.replace(/<style>[\s\S]*?<\/style>/, "");
  for (const [, slash, name = "", end] of body.matchAll(/<(\/?)([a-zA-Z0-9]+)(?:"[^"]*"|[^>"])*?(\/?)>/g)) {
    if (name === "meta" || name === "input" || end) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
};

const sections = (text: string) => [...text.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);

test("the fixture is a summary that parses", () => {
  expect(() => parseSummary(input.summary)).not.toThrow();
});

describe("the page", () => {
  test("opens with the number, and what was kept", () => {
    expect(page).toContain("<em>detect</em> sends 1.53\u00a0GB in a full day instead of");
    expect(page).toContain(
      "Of the scenes: detect sends 0.0032\u00a0% of the lossless raw imagery and keeps every detection, bit for bit.",
    );
    expect(page).toContain(
      "In the same contacts raw delivers 37\u00a0% of the acquisitions, detect all acquisitions.",
    );
  });

  test("needs no network and runs no script", () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(|javascript:|\son\w+=/i);
    expect(page.match(/https?:\/\/[^"\s<]+/g) ?? []).toEqual([]);
    expect(page).toContain("default-src 'none'");
  });

  test("is the same every time, and its tags are balanced", () => {
    expect(renderReport(input)).toBe(page);
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test("escapes what comes from outside", () => {
    expect(page).toContain("Troll &lt;Antarctica&gt;");
    const { summary } = input;
    const nasty = { ...summary, dataset: { ...summary.dataset, name: `"><img src=x onerror=alert(1)>` } };
    expect(renderReport({ ...input, summary: nasty })).not.toContain("<img");
  });

  test("has every section, and every picture a name for those who cannot see it", () => {
    expect(sections(page)).toHaveLength(11);
    for (const [svg] of page.matchAll(/<svg[^>]*>/g)) expect(svg).toMatch(/aria-label="[^"]+"|aria-hidden/);
  });
});

describe("with less to show", () => {
  test("one policy, as in a replay", () => {
    const policies = [policySummary("detect", { agreementWithRaw: null })];
    const text = renderReport({ ...input, summary: { ...input.summary, policies } });
    expect(text).toContain("; 2,170 detections reached the ground.");
    expect(sections(text)[0]).toBe("The policy");
    expect(text).not.toContain("agrees with raw");
  });

  test("no labels, no energy, no contacts, no pictures: no such sections", () => {
    const policies = input.summary.policies.map((p) => ({
      ...p,
      quality: null,
      energyJoules: null,
      platform: null,
    }));
    const text = renderReport({
      ...input,
      scenes: [],
      contacts: [],
      summary: { ...input.summary, policies },
    });
    expect(sections(text)).not.toContain("Precision and recall");
    expect(sections(text)).toHaveLength(6);
    expect(text).not.toMatch(/NaN|undefined/);
  });

  test("nothing sent and nothing found", () => {
    const nothing = policySummary("detect");
    const onLink = {
      total: 0,
      framing: 0,
      retransmission: 0,
      idle: 0,
      byProduct: { detections: 0, chips: 0, tileLossless: 0, tileLossy: 0 },
    };
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
    const scenes = input.scenes.map((scene) => ({ ...scene, labels: null, detections: [] }));
    const text = renderReport({ ...input, scenes, summary: { ...input.summary, policies: [empty] } });
    expect(text).toContain("detect sends 0\u00a0B; 0 detections reached the ground.");
    expect(text).toContain("nothing arrived");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("a picture from the network is refused", () => {
    const scenes = input.scenes.map((scene) => ({ ...scene, imageDataUri: "https://example.org/a.webp" }));
    expect(() => renderReport({ ...input, scenes })).toThrow(/wanted data:image\/webp/);
  });
});
