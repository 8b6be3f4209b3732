/**
 * The console in Chromium with software rendering: how long until the first picture, and how many pictures a second while the run is scrubbed, over a
 * simulation of 2,800 satellites, a day, four million detections.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";
import { packageRoot } from "../../pipeline/package.ts";
import { seconds } from "../../pipeline/units.ts";
import { openGateway } from "../../stations/gateway/gateway.ts";
import { newSecret } from "../../stations/gateway/login.ts";
import { pageFace } from "../../stations/gateway/page-face.ts";
import type { RunCatalogue, RunEntry } from "../../stations/gateway/run-catalogue.ts";
import { runsFace } from "../../stations/gateway/runs-face.ts";
import { writeFleetMission } from "./fleet-mission.ts";
import { reportFigures, type Figure } from "./figures.ts";

const size = { satellites: 2800, hours: 24, acquisitions: 250_000, detectionsEach: 16 };
const run = "simulate-bench";
const page = join(packageRoot, "dist", "console");

const entry: RunEntry = {
  run,
  kind: "simulation",
  state: "finished",
  of: "made up",
  model: null,
  policies: ["direct"],
  from: null,
  written: new Date(0).toISOString(),
  tags: [],
  mission: true,
  report: false,
  missing: [],
};

const catalogueOf = (folder: string): RunCatalogue => ({
  list: () => Promise.resolve([entry]),
  find: (name) => Promise.resolve(name === run ? entry : null),
  summary: () => Promise.resolve(null),
  report: () => Promise.resolve(null),
  head: async () => new Uint8Array(await readFile(join(folder, "mission", "head.json"))),
  part: async (_, file) => new Uint8Array(await readFile(join(folder, "mission", file))),
  chip: () => Promise.resolve(null),
  tile: () => Promise.resolve(null),
  scenePicture: () => Promise.reject(new Error("no dataset here")),
  async *follow() {},
});

/** Pulls the strip from one end to the other for some seconds, a step a picture, and counts the pictures. */
const scrub = `new Promise((resolve) => {
  const strip = document.querySelector(".strip canvas");
  const box = strip.getBoundingClientRect();
  const send = (type, x) => strip.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, bubbles: true, clientX: x, clientY: box.top + 30 }));
  strip.setPointerCapture = () => undefined;
  const times = [];
  send("pointerdown", box.left + 120);
  const begun = performance.now();
  const step = (now) => {
    times.push(now);
    const share = ((now - begun) / 5000) % 1;
    send("pointermove", box.left + 110 + share * (box.width - 140));
    if (now - begun < 5000) requestAnimationFrame(step);
    else {
      send("pointerup", box.left + 200);
      const gaps = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
      resolve({
        fps: (1000 * (times.length - 1)) / (times.at(-1) - times[0]),
        median: gaps[gaps.length >> 1],
        p95: gaps[Math.floor(gaps.length * 0.95)],
      });
    }
  };
  requestAnimationFrame(step);
})`;

interface Scrubbed {
  readonly fps: number;
  readonly median: number;
  readonly p95: number;
}

/** When the page made a mark, ms since it was asked for. Asked again and again: the page's policy forbids what waits inside it. */
const markAt = async (tab: Page, name: string): Promise<number> => {
  for (;;) {
    const found = (await tab.evaluate(
      `performance.getEntriesByName(${JSON.stringify(name)})[0]?.startTime`,
    )) as number | undefined;
    if (found !== undefined) return found;
    await tab.waitForTimeout(50);
  }
};

const bundle = (): number =>
  readdirSync(join(page, "assets"))
    .filter((name) => /\.(js|css)$/.test(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(page, "assets", name))).length, 0);

const measure = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "swath-console-"));
  writeFleetMission(folder, run, size);
  await using gateway = await openGateway({
    host: "127.0.0.1",
    port: 0,
    faces: [pageFace(page), runsFace(catalogueOf(folder))],
    secret: newSecret(),
    loginValid: seconds(3600),
    origins: [],
    note: (text) => console.error(text),
  });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    console.log(
      `${size.satellites} satellites, ${size.hours} h, ${(size.acquisitions * size.detectionsEach) / 1e6} M detections; Chromium ${browser.version()}, software rendering, ${cpus().length} cores`,
    );
    const figures: Figure[] = [
      {
        what: "the console's bundle, gzip, without the base map",
        value: bundle() / 1000,
        unit: "kB",
        bar: { most: 400 },
      },
    ];
    for (const view of ["map", "globe"]) {
      const tab = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
      await tab.goto(`${gateway.url}/?run=${run}&view=${view}`);
      const first = await markAt(tab, "swath:first-picture");
      const whole = await markAt(tab, "swath:record-loaded");
      await tab.waitForTimeout(2500);
      const { fps, median, p95 } = (await tab.evaluate(scrub)) as Scrubbed;
      console.log(
        `${view}: first picture after ${(first / 1000).toFixed(2)} s, whole record after ${(whole / 1000).toFixed(2)} s; scrubbed at ${fps.toFixed(1)} pictures a second (median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms)`,
      );
      figures.push(
        {
          what: `first picture, ${view}, ${size.satellites} satellites × ${size.hours} h`,
          value: first / 1000,
          unit: "s",
          bar: { most: 2 },
        },
        { what: `scrubbed, ${view}, software rendering`, value: fps, unit: "pictures/s", bar: { least: 30 } },
      );
      await tab.close();
    }
    reportFigures(figures);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
};

await measure();
