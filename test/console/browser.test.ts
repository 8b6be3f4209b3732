import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratch, swath } from "../integration/swath.ts";
import { noBrowser, openBrowser, serveRuns, watchedPage, type Serving, type Watched } from "./chromium.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Findings that keep somebody out. Evaluated, not added as a script: the page's policy forbids these. */
const seriousFindings = async ({ page }: Watched): Promise<readonly string[]> => {
  await page.evaluate(axe);
  const results = (await page.evaluate("axe.run()")) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
};

describe.skipIf(noBrowser !== null)(`the console in Chromium ${noBrowser ?? ""}`, () => {
  let server: Serving;
  let browser: Browser;
  let desk: Watched;
  const chips: string[] = [];

  const text = (selector: string): Promise<string> => desk.page.locator(selector).first().innerText();
  const clock = (): Promise<string> => text(".transport .time");

  beforeAll(async () => {
    const runs = scratch();
    const flown = await swath([
      "replay",
      "builtin:harbour?scenes=2&size=512",
      "--policy=chips",
      "--no-day",
      "--constellation=walker:3",
      "--stations=builtin",
      "--schedule=cadence",
      "--hours=12",
      `--out=${runs}`,
    ]);
    expect(flown.code, flown.stderr).toBe(0);
    [server, browser] = await Promise.all([serveRuns(runs), openBrowser()]);
    desk = await watchedPage(browser, server.url, {
      viewport: { width: 1600, height: 1000 },
      colorScheme: "light",
    });
    desk.page.on("response", (response) => {
      if (response.ok() && response.url().includes("/chips/")) chips.push(response.url());
    });
    await desk.page.goto(server.loginUrl);
    await desk.page.waitForSelector(".policies tr.chosen td:nth-child(2)");
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    server?.child.kill();
    await server?.finished;
  });

  it("opens the newest run at its end, with its verdicts and the best detection that landed", async () => {
    expect(await text(".header .state")).toContain("run finished");
    expect(await text(".verdicts")).toContain("link");
    expect(await text(".inspector .chain")).toContain("›");
  });

  it("plays, and stands still when it is told to", async () => {
    await desk.page.keyboard.press("Home");
    const before = await clock();
    await desk.page.getByRole("button", { name: "×600", exact: true }).click();
    await desk.page.keyboard.press("Escape");
    await desk.page.getByRole("button", { name: "Play", exact: true }).click();
    await expect.poll(clock).not.toBe(before);
    await desk.page.getByRole("button", { name: "Pause", exact: true }).click();
    // The picture of the press itself is drawn with the next frame.
    await desk.page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await desk.page.waitForTimeout(100);
    const paused = await clock();
    await desk.page.waitForTimeout(300);
    expect(await clock()).toBe(paused);
  });

  it("is scrubbed on the run strip", async () => {
    const strip = await desk.page.locator(".strip canvas").boundingBox();
    if (strip === null) throw new Error("no strip");
    const before = await clock();
    await desk.page.mouse.move(strip.x + strip.width * 0.3, strip.y + 30);
    await desk.page.mouse.down();
    await desk.page.mouse.move(strip.x + strip.width * 0.6, strip.y + 30, { steps: 6 });
    await desk.page.mouse.up();
    await expect.poll(clock).not.toBe(before);
  });

  it("sees detections land, and opens a chip of one", async () => {
    const landed = async (): Promise<number> =>
      Number((await text(".facts dt:nth-of-type(3)")).replaceAll(",", ""));
    await desk.page.keyboard.press("Home");
    await expect.poll(landed).toBe(0);
    // From event to event until something is published.
    for (let step = 0; step < 60 && (await landed()) === 0; step++) {
      await desk.page.keyboard.press("]");
      await desk.page.waitForTimeout(20);
    }
    expect(await landed()).toBeGreaterThan(0);
    await desk.page.locator(".events li.landed button").first().click();
    await desk.page.evaluate("document.activeElement.blur()");
    // Chips are on the ground a moment after their detections are published.
    await desk.page.keyboard.press("]");
    await desk.page.keyboard.press("Enter");
    await desk.page.getByRole("img", { name: /^Chip of a/ }).waitFor();
    await expect.poll(() => chips).not.toEqual([]);
    expect(await text(".card .pairs")).toMatch(/place\n.*°/);
  });

  it("shows the scene around a detection from the dataset to who asks for it, and says that it was not sent down", async () => {
    const asked: string[] = [];
    desk.page.on("request", (request) => asked.push(request.url()));
    const around = desk.page.getByRole("img", { name: /^The scene around this .*, from the dataset, not/ });
    expect(await around.count()).toBe(0);
    await desk.page.keyboard.press("s");
    await around.waitFor();
    expect(await text(".around figcaption")).toContain("from the dataset, not from the downlink");
    expect(
      asked.filter((url) => /\/scenes\/[\w-]+\/picture\?bbox=[\d,]+&from=dataset$/.test(url)),
    ).toHaveLength(1);
    // Something is drawn, and the corners of the box in white.
    const colours = await desk.page.evaluate(`(() => {
      const canvas = document.querySelector(".around canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()`);
    expect(colours).toBeGreaterThan(100);
    expect(await seriousFindings(desk)).toEqual([]);
    await desk.page.getByRole("button", { name: /^Scene around it/ }).click();
    await around.waitFor({ state: "detached" });
    await desk.page.evaluate("document.activeElement.blur()");
  });

  it("draws an area with the mouse, which becomes a cursor to follow", async () => {
    const map = await desk.page.locator(".world canvas.marks").first().boundingBox();
    if (map === null) throw new Error("no map");
    await desk.page.getByRole("button", { name: "Area" }).click();
    await desk.page.mouse.move(map.x + map.width * 0.45, map.y + map.height * 0.3);
    await desk.page.mouse.down();
    await desk.page.mouse.move(map.x + map.width * 0.6, map.y + map.height * 0.6, { steps: 5 });
    await desk.page.mouse.up();
    await desk.page.getByPlaceholder("name", { exact: true }).fill("port-watch");
    await desk.page.getByRole("button", { name: "Subscribe" }).click();
    await expect.poll(() => text(".areabar [role=status]")).toContain("swath subscribe --bbox=");
    const cursors = (await (await fetch(`${server.url}/api/cursors`)).json()) as {
      cursors: { name: string }[];
    };
    expect(cursors.cursors.map(({ name }) => name)).toContain("port-watch");
    await desk.page.getByRole("button", { name: "Leave" }).click();
  });

  it("is found again by its address", async () => {
    const shown = await clock();
    await expect.poll(() => desk.page.url()).toContain("t=");
    await desk.page.waitForTimeout(600);
    await desk.page.reload();
    await expect.poll(clock).toBe(shown);
  });

  it("goes by keys alone: find, policy, globe, theme, help", async () => {
    await desk.page.keyboard.press("/");
    await desk.page.getByRole("dialog", { name: "Find" }).waitFor();
    await desk.page.keyboard.type("walker");
    await desk.page.locator("#found [role=option]").first().waitFor();
    await desk.page.keyboard.press("Enter");
    await desk.page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => text(".inspector .satellite h3")).not.toBe("");
    await desk.page.keyboard.press("g");
    const globe = desk.page.getByRole("button", { name: "Globe" });
    await expect.poll(() => globe.getAttribute("aria-pressed")).toBe("true");
    await desk.page.keyboard.press("t");
    await expect.poll(() => desk.page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    await desk.page.keyboard.press("?");
    await desk.page.getByRole("dialog", { name: "Keys" }).waitFor();
    await desk.page.keyboard.press("Escape");
    await desk.page.keyboard.press("m");
  });

  it("has no serious finding of axe, in light, dark, on a phone and under each sheet", async () => {
    expect(await seriousFindings(desk)).toEqual([]);
    await desk.page.keyboard.press("t");
    expect(await seriousFindings(desk)).toEqual([]);
    for (const key of ["?", "/", "r"]) {
      await desk.page.keyboard.press(key);
      await desk.page.getByRole("dialog").waitFor();
      expect(await seriousFindings(desk)).toEqual([]);
      await desk.page.keyboard.press("Escape");
    }
    const phone = await watchedPage(browser, server.url, { viewport: { width: 390, height: 844 } });
    await phone.page.goto(server.loginUrl);
    await phone.page.waitForSelector(".chain");
    expect(await seriousFindings(phone)).toEqual([]);
    expect(await phone.page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(phone.errors).toEqual([]);
  });

  it("never put an error into the console, and asked nobody but its server", () => {
    expect(desk.errors).toEqual([]);
    expect(desk.foreign).toEqual([]);
  });
});
