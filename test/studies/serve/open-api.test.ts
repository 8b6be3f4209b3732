import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "../../../stations/gateway/gateway.ts";
import { openServer } from "../../../studies/serve/serve.ts";
import type { ApiDocument } from "../../stations/gateway/answers.ts";

let gateway: Gateway;
let api: ApiDocument;
beforeAll(async () => {
  const runs = join(mkdtempSync(join(tmpdir(), "swath-api-")), "runs");
  gateway = await openServer(
    { host: "127.0.0.1", port: 0, runs, nats: null, origins: [], loginValid: null },
    { note: () => undefined },
  );
  api = (await (await fetch(`${gateway.url}/api/openapi.json`)).json()) as ApiDocument;
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Pages and the login are for people, not for programs. */
const isForPeople = (path: string): boolean => !/^\/(api|ogc|stac)(\/|$)/.test(path);

describe("the API's description", () => {
  it("is OpenAPI 3.1, by the schema of the OpenAPI initiative", async () => {
    const { valid, errors } = await new Validator().validate(
      structuredClone(api) as unknown as Record<string, unknown>,
    );
    expect(valid, JSON.stringify(errors)).toBe(true);
    expect(api.openapi).toBe("3.1.0");
  });

  it("has every route of every face, in words, under a name of its own", () => {
    const operations = Object.entries(api.paths)
      .filter(([path]) => !isForPeople(path))
      .flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => ({ path, method, one })));
    const silent = operations
      .filter(({ one }) => one.operationId === undefined || one.summary === undefined)
      .map(({ path, method }) => `${method} ${path}`);
    // Of the description itself there is nothing to say.
    expect(silent).toEqual(["get /api", "get /api/openapi.json"]);
    const ids = operations.flatMap(({ one }) => one.operationId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const prefix of [
      "/api/detections",
      "/api/cursors",
      "/api/subscriptions",
      "/api/runs",
      "/ogc",
      "/stac",
    ])
      expect(
        Object.keys(api.paths).some((path) => path.startsWith(prefix)),
        prefix,
      ).toBe(true);
  });
});
