import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answerText } from "./answer.ts";
import type { Face, FaceRouter } from "./face.ts";
import { HttpProblem } from "./problem.ts";

/** Media types of what a page is made of. */
const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
};

/**
 * The page may load what lies beside it and ask this server, and nothing else: no other host, no inline script, no frame round it. Chips
 * are shown from memory (`blob:`).
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const readAssets = (folder: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> =>
  new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));

const servePage = (router: FaceRouter, folder: string): void => {
  const page = new Uint8Array(readFileSync(join(folder, "index.html")));
  const assets = readAssets(join(folder, "assets"));
  router.get("/", (c) =>
    answerText(c, page, { type: types["html"] ?? "", headers: { "Content-Security-Policy": pagePolicy } }),
  );
  router.get("/assets/:name", (c) => {
    const name = c.req.param("name");
    const content = assets.get(name);
    if (content === undefined)
      throw new HttpProblem(404, { what: `no file "${name}" of the page`, hint: "load the page anew" });
    // Named by their content: what has another content has another name.
    const headers = { "Cache-Control": "public, max-age=31536000, immutable" };
    return answerText(c, content, {
      type: types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
      headers,
    });
  });
};

/** The console: `index.html` and `assets/` of a folder, read once. `null`: the folder was not built. */
export const pageFace = (folder: string | null): Face => ({
  path: "/",
  title: "The console, a page",
  routes: (router) => {
    if (folder !== null) return servePage(router, folder);
    router.get("/", () => {
      throw new HttpProblem(503, {
        what: "the console was not built",
        wanted: "dist/console",
        hint: "npm run setup",
      });
    });
    return undefined;
  },
});
