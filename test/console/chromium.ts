import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { start, type Running } from "../integration/swath.ts";

/** Debian's Chromium; the tests that need it are skipped by name where it is not. */
export const chromiumPath = "/usr/bin/chromium";

/** Why browser tests are skipped, for their names; `null` where they are not. */
export const noBrowser: string | null = existsSync(chromiumPath)
  ? null
  : `skipped: no ${chromiumPath} (apt-get install chromium)`;

/** A `swath serve` at work. */
export interface Serving extends Running {
  readonly url: string;
  readonly loginUrl: string;
}

/** Serves a folder of runs on a free port. */
export const serveRuns = async (runs: string): Promise<Serving> => {
  const running = start(["serve", "--port", "0", "--runs", runs], runs);
  const link = /log in\s+((http:\/\/\S+)\/login\?token=\S+)/;
  let said = "";
  const ended = running.finished.then(({ stderr }) => {
    throw new Error(`serve ended: ${stderr}`);
  });
  ended.catch(() => undefined);
  await Promise.race([
    ended,
    new Promise<void>((resolve) => {
      running.child.stdout?.on("data", (data: Buffer) => {
        said += data.toString();
        if (link.test(said)) resolve();
      });
    }),
  ]);
  const [, loginUrl = "", url = ""] = link.exec(said) ?? [];
  return { ...running, url, loginUrl };
};

/** Software rendering, so that a picture and its time are the same everywhere. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox", "--disable-gpu"] });

/** What a page did wrong: errors in its console, and requests that left the server. */
export interface Watched {
  readonly page: Page;
  readonly errors: string[];
  readonly foreign: string[];
}

/** A page of which all errors and requests are noted. */
export const watchedPage = async (
  browser: Browser,
  origin: string,
  options: Parameters<Browser["newPage"]>[0],
): Promise<Watched> => {
  const page = await browser.newPage(options);
  const errors: string[] = [];
  const foreign: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${origin}/`))
      foreign.push(request.url());
  });
  return { page, errors, foreign };
};
