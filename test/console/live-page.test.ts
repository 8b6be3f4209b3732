import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instant, seconds } from "../../pipeline/units.ts";
import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import type { Gateway } from "../../stations/gateway/gateway.ts";
import type { MissionRecorder } from "../../studies/record/mission-recorder.ts";
import type { PolicyRecorder } from "../../studies/record/policy-recorder.ts";
import { folderSink, type RecordSink } from "../../studies/record/record-sink.ts";
import { openServer } from "../../studies/serve/serve.ts";
import { scratch } from "../integration/swath.ts";
import { from, smallRecord, tellPicture } from "../studies/record/small-record.ts";
import { noBrowser, openBrowser, watchedPage, type Watched } from "./chromium.ts";

const run = "compare-00000001";
const satellites = ["walker-1-1", "walker-1-2"];

describe.skipIf(noBrowser !== null)(`the console while a run is at work ${noBrowser ?? ""}`, () => {
  const runs = scratch();
  let gateway: Gateway;
  let browser: Browser;
  let desk: Watched;
  let sink: RecordSink;
  let recorder: MissionRecorder;
  let policy: PolicyRecorder;
  let last: MissionHead | null = null;

  const serve = (port: number, host = "127.0.0.1"): Promise<Gateway> =>
    openServer(
      { host, port, runs, nats: null, origins: [], loginValid: seconds(3600) },
      { note: () => undefined },
    );
  const text = async (selector: string): Promise<string> =>
    (await desk.page.locator(selector).first().innerText()).replaceAll(/\s+/g, " ");
  const shown = async (): Promise<readonly string[]> =>
    Promise.all([".facts", ".verdicts", ".policies", ".events"].map(text));
  const open = async (options: Parameters<typeof watchedPage>[2]): Promise<Watched> => {
    const page = await watchedPage(browser, gateway.url, options);
    await page.page.goto(`${gateway.url}/login?token=${gateway.token}`);
    return page;
  };

  beforeAll(async () => {
    const folder = folderSink(join(runs, run), (note) => expect.unreachable(note));
    sink = {
      ...folder,
      put(files, head) {
        last = head;
        folder.put(files, head);
      },
    };
    recorder = await smallRecord(run, sink);
    policy = recorder.begin("chips");
    tellPicture(policy, satellites, 600);
    await sink.flushed();
    [gateway, browser] = await Promise.all([serve(0), openBrowser()]);
    desk = await open({ viewport: { width: 1600, height: 1000 }, colorScheme: "light" });
    await desk.page.waitForSelector(".policies tr.chosen td:nth-child(2)");
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
    await sink?.settled();
  });

  it("stands at the head, grows with the record, and says who is silent", async () => {
    expect(await text(".header .state")).toContain("run at work: chips, 1 of 1 policies");
    await expect.poll(() => text(".transport .time"), { timeout: 10_000 }).toContain("00:09:59");
    for (const who of satellites) {
      const log = policy.flight(who);
      for (let minute = 10; minute < 25; minute++) log.sample(minute, 0.8, 291);
      log.through(instant(from + 1500));
    }
    policy.silent([{ kind: "station", id: "Svalbard", sinceMs: Date.now() - 14_000 }]);
    await expect.poll(() => text(".transport .time"), { timeout: 10_000 }).toContain("00:24:59");
    await expect.poll(() => text(".header .state"), { timeout: 10_000 }).toMatch(/Svalbard silent for \d+ s/);
    policy.silent([]);
    await expect.poll(() => text(".header .state"), { timeout: 10_000 }).toContain("run at work");
  });

  it("says that the connection is lost, keeps what it shows, and comes back by itself", async () => {
    const { port } = new URL(gateway.url);
    const before = await text(".facts");
    await gateway[Symbol.asyncDispose]();
    await expect.poll(() => text(".header .state"), { timeout: 10_000 }).toContain("connection lost");
    expect(await text(".facts")).toBe(before);
    gateway = await serve(Number(port));
    await expect.poll(() => text(".header .state"), { timeout: 15_000 }).toContain("run at work");
  });

  it("says that the login has run out, and lets in again at the same place", async () => {
    const port = Number(new URL(gateway.url).port);
    await gateway[Symbol.asyncDispose]();
    await desk.page.context().clearCookies();
    // Beyond this machine everything needs the login.
    gateway = await serve(port, "0.0.0.0");
    await expect.poll(() => text(".header .state"), { timeout: 15_000 }).toContain("the login has run out");
    const before = new URL(desk.page.url()).search;
    await desk.page.getByRole("button", { name: "Log in" }).click();
    const link = desk.page.getByPlaceholder("http://…/login");
    await link.fill(`${gateway.token}x`);
    await desk.page.keyboard.press("Enter");
    await expect.poll(() => text(".login [role=alert]")).toContain("the login link does not hold");
    await link.fill(gateway.newLogin().loginUrl);
    await desk.page.keyboard.press("Enter");
    await expect.poll(() => text(".header .state"), { timeout: 10_000 }).toContain("run at work");
    expect(new URL(desk.page.url()).search).toBe(before);
    await desk.page.waitForSelector(".policies tr.chosen td:nth-child(2)");
    await desk.page.waitForSelector(".facts");
    await gateway[Symbol.asyncDispose]();
    await expect.poll(() => text(".header .state"), { timeout: 10_000 }).toContain("connection lost");
    gateway = await serve(port);
    await expect.poll(() => text(".header .state"), { timeout: 15_000 }).toContain("run at work");
  });

  it("shows at a moment of the finished run what it showed live", async () => {
    const live = await shown();
    const at = desk.page.url();
    policy.close();
    sink.put([], { ...(last as MissionHead), state: "finished", revision: 1000 });
    await sink.flushed();
    await expect.poll(() => text(".header .state"), { timeout: 10_000 }).toContain("run finished");
    const scrubbed = new URL(at);
    scrubbed.searchParams.set("t", "2026-01-01T00:24:59.999Z");
    await desk.page.goto(scrubbed.href);
    await desk.page.waitForSelector(".policies tr.chosen td:nth-child(2)");
    await expect.poll(() => text(".transport .time"), { timeout: 10_000 }).toContain("00:24:59");
    await expect.poll(shown, { timeout: 10_000 }).toEqual(live);
  });

  it("has one line for a run that failed, in place of its verdicts", async () => {
    const other = folderSink(join(runs, "compare-00000002"), (note) => expect.unreachable(note));
    const failed = await smallRecord("compare-00000002", other);
    tellPicture(failed.begin("chips"), satellites, 600);
    await failed.fail("no room on disk: wanted 2 GB, got 1 GB; empty /tmp");
    // The server's list holds for a second.
    const listed = async (): Promise<string> => (await fetch(`${gateway.url}/api/runs`)).text();
    await expect.poll(listed, { timeout: 5_000 }).toContain("compare-00000002");
    await desk.page.goto(`${gateway.url}/?run=compare-00000002`);
    await expect
      .poll(() => text(".verdicts"), { timeout: 10_000 })
      .toContain("✕ no room on disk: wanted 2 GB, got 1 GB; empty /tmp");
    expect(await text(".header .state")).toContain("run failed");
  });

  it("lists half a folder with what is missing", async () => {
    mkdirSync(join(runs, "compare-00000003"));
    writeFileSync(join(runs, "compare-00000003", "report.html"), "<!doctype html>");
    await desk.page.keyboard.press("r");
    await expect
      .poll(() => text("[role=dialog]"), { timeout: 10_000 })
      .toMatch(/compare-00000003.*summary\.json/);
    await desk.page.keyboard.press("Escape");
  });

  it("goes sideways on a phone, and zooms with two fingers", async () => {
    const phone = await open({ viewport: { width: 844, height: 390 }, hasTouch: true, isMobile: true });
    await phone.page.waitForSelector(".lanes canvas");
    const box = await phone.page.locator(".lanes canvas").boundingBox();
    expect(box?.height).toBeGreaterThan(150);
    expect(await phone.page.evaluate("document.documentElement.scrollWidth")).toBe(844);
    if (process.env["SWATH_SHOTS"] !== undefined)
      await phone.page.screenshot({ path: join(process.env["SWATH_SHOTS"], "sideways.png") });
    const window = async (): Promise<string> => new URL(phone.page.url()).searchParams.get("window") ?? "";
    const before = await window();
    const client = await phone.page.context().newCDPSession(phone.page);
    const touch = (type: string, apart: number): Promise<unknown> =>
      client.send("Input.dispatchTouchEvent", {
        type: type as "touchStart",
        touchPoints:
          type === "touchEnd"
            ? []
            : [-apart, apart].map((dx, id) => ({
                x: (box?.x ?? 0) + (box?.width ?? 0) / 2 + dx,
                y: (box?.y ?? 0) + 60,
                id,
              })),
      });
    await touch("touchStart", 40);
    for (const apart of [60, 90, 130, 180]) await touch("touchMove", apart);
    await touch("touchEnd", 0);
    await expect.poll(window, { timeout: 10_000 }).not.toBe(before);
    expect(phone.errors).toEqual([]);
  });

  it("never put an error into the console but for the connection that was lost", () => {
    expect(
      desk.errors.filter((error) => !/ERR_CONNECTION|ERR_INCOMPLETE|Failed to load resource/.test(error)),
    ).toEqual([]);
    expect(desk.foreign).toEqual([]);
  });
});
