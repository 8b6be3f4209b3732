import { describe, expect, it } from "vitest";
import { datasetPage } from "../../../measure/report/dataset-report.ts";
import type { Label } from "../../../pipeline/detection/detection.ts";
import { sceneOf, sourceOf } from "../../fake-scene.ts";

const evil = `"><script>alert(1)</script>`;
const label = (className: string, x0: number, more: Partial<Label> = {}): Label => ({
  className,
  boxPx: { x0, y0: 2, x1: x0 + 8, y1: 9 },
  ...more,
});

const shapes = [
  { id: "quay", width: 90, height: 60 },
  { id: "empty", width: 30, height: 20 },
  { id: "broken", width: 40, height: 40, brokenRow: 3 },
  { id: "unseen", width: 40, height: 40 },
];
const source = sourceOf(shapes);
const labels: readonly (readonly Label[] | null)[] = [
  [label(evil, 3), label("ship", 20), label("ship", 60, { ignore: true })],
  [],
  [label("ship", 3)],
  null,
];
const scenes = shapes.map((shape, i) => ({ scene: sceneOf(shape), labels: labels[i] ?? null }));

const page = () =>
  datasetPage(
    {
      name: evil,
      scenes,
      rows: [
        { what: "read", count: 6, detail: "COCO: a.json" },
        { what: "matched", count: 4, detail: "on 3 scenes of 4" },
        { what: "outside", count: 1, detail: evil },
        { what: "left out", count: 1, detail: "no area" },
      ],
      leftOut: [`no area: ${evil}`],
      notes: ["counted from 1"],
    },
    (scene) => source.open(scene),
  );

describe("the page of a dataset's labels", () => {
  it("draws each label once on its scene, at its place, and says what is empty, ignored or not to be read", async () => {
    const html = await page();
    const [, whole = ""] = /<figure class="scene">([\s\S]*?)<\/figure>/.exec(html) ?? [];
    expect(whole).toContain('viewBox="0 0 90 60"');
    expect(whole.match(/<rect/g)).toHaveLength(3);
    expect(whole.replaceAll(/\s+/g, " ")).toMatch(
      /class="ignored" stroke="#[0-9a-f]{6}" x="60" y="2" width="8" height="7"/,
    );
    expect(html).toContain("looked at, nothing found");
    expect(html).toContain("nobody looked");
    expect(html.replaceAll(/\s+/g, " ")).toMatch(/<strong>broken<\/strong> broken is corrupt/);
    expect(html.replaceAll(/\s+/g, " ")).toContain("<em>4 labels</em> of 2 classes on 3 of 4 scenes");
  });

  it("needs nothing else and runs nothing, whatever classes and files are called", async () => {
    const html = await page();
    expect(html).not.toContain("<script");
    expect(html).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("default-src 'none'");
    expect(
      [...html.matchAll(/(?:href|src)="([^"]{0,30})/g)].every(([, to]) => to?.startsWith("data:image/webp")),
    ).toBe(true);
    expect(html).not.toMatch(/url\(|@import/);
  });

  it("has something to say of a dataset without labels", async () => {
    const none = {
      name: "plain",
      scenes: scenes.map(({ scene }) => ({ scene, labels: null })),
      rows: [],
      leftOut: [],
      notes: [],
    };
    const html = await datasetPage(none, (scene) => source.open(scene));
    expect(html).toContain("No label file was read.");
    expect(html).not.toContain("<figure");
  });
});
