import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderFleetReport } from "../../../measure/report/fleet-report.ts";
import { renderPlanReport } from "../../../measure/report/plan-report.ts";
import { renderReport } from "../../../measure/report/run-report.ts";
import { renderSweepReport } from "../../../measure/report/sweep-report.ts";
import { page as checkPage } from "./check-fixture.ts";
import { fixture } from "./fixture.ts";
import { places, records, summary } from "./fleet-fixture.ts";
import { input as plan } from "./plan-fixture.ts";
import { again, sweep } from "./sweep-fixture.ts";

const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (program === undefined) console.log("pages in a browser skipped: chromium is not there");

const pages: Readonly<Record<string, () => Promise<string>>> = {
  run: async () => renderReport(await fixture()),
  simulation: async () =>
    renderFleetReport({
      summary,
      flights: [records],
      places,
      notes: [],
      reproduce: { command: "swath simulate", configuration: "seed: 1\n" },
    }),
  sweep: async () => renderSweepReport(sweep, again),
  check: checkPage,
  plan: async () => renderPlanReport(plan),
};

/** To look at them: SWATH_PAGES=/tmp/pages npx vitest run test/measure/report/in-a-browser.test.ts */
const keep = process.env["SWATH_PAGES"];

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe hangs into a page, as far as it is asked. */
interface Checker {
  readonly axe: {
    readonly run: () => Promise<{
      readonly violations: readonly {
        readonly id: string;
        readonly impact: string | null;
        readonly nodes: readonly { readonly html: string }[];
      }[];
    }>;
  };
}

/** Runs in the page: what stands out of the window to the right; empty where nothing scrolls sideways. */
const tooWide = `(() => {
  const root = document.documentElement;
  if (root.scrollWidth <= innerWidth) return [];
  const parts = [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth)
    .map((one) => one.outerHTML.slice(0, 140));
  return [root.scrollWidth + " px instead of " + innerWidth, ...parts];
})()`;

describe.skipIf(program === undefined)("pages in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: program!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    if (keep !== undefined) mkdirSync(keep, { recursive: true });
  }, 60_000);
  afterAll(() => browser.close());

  test.each(Object.keys(pages))(
    "%s: nothing serious for axe by day or night, nothing wider than a phone or a sheet",
    async (name) => {
      const text = await pages[name]!();
      // The page's own policy allows no script; axe is ours, not the page's.
      const page = await browser.newPage({ bypassCSP: true, viewport: { width: 1300, height: 900 } });
      await page.setContent(text);
      await page.addScriptTag({ path: axe });
      const grave: string[] = [];
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const violations = await page.evaluate(async () => {
          const { axe: checker } = globalThis as unknown as Checker;
          return (await checker.run()).violations;
        });
        grave.push(
          ...violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${colorScheme} ${id}, ${nodes.length}: ${nodes[0]?.html.slice(0, 160)}`),
        );
        if (keep !== undefined)
          await page.screenshot({ path: join(keep, `${name}-${colorScheme}.png`), fullPage: true });
      }
      expect(grave).toEqual([]);
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 390, height: 844 });
      if (keep !== undefined)
        await page.screenshot({ path: join(keep, `${name}-phone.png`), fullPage: true });
      expect(await page.evaluate(tooWide)).toEqual([]);
      // A4 less margins of 13 mm, at 96 dpi.
      await page.setViewportSize({ width: 695, height: 980 });
      await page.emulateMedia({ media: "print" });
      if (keep !== undefined) {
        writeFileSync(join(keep, `${name}.html`), text);
        await page.pdf({ path: join(keep, `${name}.pdf`), preferCSSPageSize: true });
      }
      expect(await page.evaluate(tooWide)).toEqual([]);
      await page.close();
    },
    60_000,
  );
});
