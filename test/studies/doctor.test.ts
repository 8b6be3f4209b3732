import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { startNatsServer, type NatsServer } from "../../pipeline/bus/server.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Check } from "../../studies/doctor/check.ts";
import { type Diagnosis, diagnose } from "../../studies/doctor/doctor.ts";
import { resultsCheck } from "../../studies/doctor/machine-checks.ts";
import { connectionCheck, permissionCheck, storageCheck } from "../../studies/doctor/server-checks.ts";

let server: NatsServer;
let out = "";
beforeAll(async () => {
  server = await startNatsServer();
  out = mkdtempSync(join(tmpdir(), "swath-doctor-"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(out, { recursive: true });
});

const looked = async (nats: string, checks: readonly Check[]): Promise<readonly Diagnosis[]> => {
  const found: Diagnosis[] = [];
  const request = { nats, creds: null, out, model: "ships-s2" };
  for await (const one of diagnose(request, new AbortController().signal, checks)) found.push(one);
  return found;
};

const states = (found: readonly Diagnosis[]): Readonly<Record<string, string>> =>
  Object.fromEntries(found.map(({ name, state }) => [name, state]));

describe("diagnose", () => {
  test("finds a server that does all that a run needs, and leaves nothing on it", async () => {
    const found = await looked(server.url, [connectionCheck, storageCheck, permissionCheck]);
    expect(states(found)).toEqual({ connection: "works", JetStream: "works", permissions: "works" });
    await using bus = await connectBus({ url: server.url, name: "test" });
    expect((await bus.manager.streams.list().next()).length).toBe(0);
  });

  test("says once why there is no connection, and what was not looked at for that", async () => {
    const found = await looked("nats://127.0.0.1:1", [connectionCheck, storageCheck, permissionCheck]);
    expect(states(found)).toEqual({ connection: "fails", JetStream: "fails", permissions: "fails" });
    expect(found[0]?.says).toMatch(/refused/);
    expect(found[0]?.hint).toMatch(/check the --nats URL/);
    expect(found[2]?.says).toBe('not looked at, since "connection" fails');
  });

  test("a check that breaks costs itself alone", async () => {
    const broken: Check = { name: "broken", look: () => Promise.reject(new Error("of no use")) };
    const refused: Check = {
      name: "refused",
      look: () => Promise.reject(new SwathError("bus", { what: "a thing", got: "another", hint: "do this" })),
    };
    const found = await looked(server.url, [broken, refused, resultsCheck]);
    expect(found.slice(0, 2)).toEqual([
      { name: "broken", state: "fails", says: "of no use" },
      { name: "refused", state: "fails", says: "a thing: another", hint: "do this" },
    ]);
    expect(found[2]?.state).toBe("works");
    expect(readdirSync(out)).toEqual([]);
  });

  test.each([
    ["through a file", () => join(out, "file", "runs"), /file is a file/],
    ["on a system without room", () => "/proc/runs", /0 B free|cannot be written/],
  ])("a folder %s is named with how to go on", async (_, folder, says) => {
    writeFileSync(join(out, "file"), "");
    const request = { nats: null, creds: null, out: folder(), model: "ships-s2" };
    const outcome = await resultsCheck.look(request, new AbortController().signal);
    expect(outcome.state).toBe("fails");
    expect(outcome.says).toMatch(says);
    expect(outcome.hint).toMatch(/another folder with --out/);
    rmSync(join(out, "file"));
  });
});
