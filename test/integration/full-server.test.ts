import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { listStreams } from "../../pipeline/bus/run-streams.ts";
import { foreignServer } from "../pipeline/bus/foreign-server.ts";
import { swath } from "./swath.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-full-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenario = [
  "builtin:harbour?scenes=2&size=512",
  "--constellation=walker:1",
  "--stations=builtin",
  "--schedule=cadence",
  "--no-day",
  "--hours=6",
];

it("a run that fills the server fails with a line and takes all it kept away: the next one works", async () => {
  await using server = await foreignServer({ jetstream: { store_dir: "STORE", max_file_store: 400_000 } });
  await using bus = await connectBus({ url: server.url, name: "test" });
  const replay = (policy: string) =>
    swath(["replay", ...scenario, `--policy=${policy}`, "--nats", server.url, "--out", join(folder, policy)]);
  const full = await replay("raw");
  expect(full.code).toBe(1);
  expect(full.stderr).toMatch(/swath: cannot store on .*: got .*; give JetStream more storage/);
  expect(await listStreams(bus)).toEqual([]);
  const small = await replay("detect");
  expect(small.code, small.stderr).toBe(0);
  // Results for subscribers, and what a gateway elsewhere shows of the run.
  expect((await listStreams(bus)).map(({ kind }) => kind).toSorted()).toEqual(["event", "result"]);
}, 120_000);
