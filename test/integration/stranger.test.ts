import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { findLease } from "../../pipeline/bus/run-lease.ts";
import { listStreams } from "../../pipeline/bus/run-streams.ts";
import { findInState } from "../../pipeline/bus/run-state.ts";
import { busRunOf, planKey } from "../../pipeline/bus/subjects.ts";
import { readRunPlan } from "../../pipeline/mission/run-plan-schema.ts";
import { makeKeys } from "../../studies/keys/key-folder.ts";
import { startKeyedServer, type KeyedServer } from "../studies/keys/keyed-server.ts";
import { allEndWell } from "./nodes.ts";
import { attacksOn, say, strangerAs, type Attack } from "./strangers.ts";
import { differingRuns, scratch, start, stationsFile, summaryOf, swath } from "./swath.ts";

const folder = scratch();
const keys = join(folder, "keys");
const stations = stationsFile(folder, [
  ["North", 15.4, 78.2],
  ["South", 2.5, -72],
]);
const satellites = ["walker-1-1", "walker-1-2"];
const scenario = [
  "builtin:harbour?scenes=2&size=512",
  "--policy=chips",
  "--constellation=walker:2",
  "--schedule=cadence",
  "--no-day",
  `--stations=${stations}`,
  "--rate=200kbit/s",
  "--ber=2e-5",
  "--segment-loss=0.1",
  "--hours=12",
  "--seed=11",
  `--keys=${keys}`,
];
const reference = join(folder, "reference");
let serverFolder: string;
let server: KeyedServer;

beforeAll(async () => {
  await makeKeys(keys, { satellites, stations: ["North", "South"], days: 2 });
  const { code, stderr } = await swath(["replay", ...scenario, "--out", reference]);
  expect(code, stderr).toBe(0);
  serverFolder = await mkdtemp(join(tmpdir(), "swath-stranger-"));
  server = await startKeyedServer(keys);
}, 120_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(serverFolder, { recursive: true, force: true });
});

/** What mission control may do by its role: who has its key can end a run, but not change what others sign. */
const isItsOwn = (name: string, { kind }: Attack): boolean =>
  name === "mission-control" && /^(plan|lease|stream|bucket)/.test(kind);

it("a stranger with the logins of all others changes nothing, and is counted", async () => {
  const { runId } = summaryOf(reference);
  const id = `${runId}-chips`;
  const out = join(folder, "attacked");
  const commander = start([
    "replay",
    ...scenario,
    "--external",
    "--keep-results=none",
    "--nats",
    server.url,
    "--out",
    out,
  ]);
  // The observer's login is enough to know all that is public.
  await using bus = await connectBus({
    url: server.url,
    name: "stranger",
    nkey: join(keys, "observer.nk"),
    inboxPrefix: "_INBOX_observer",
  });
  let found: { readonly run: string; readonly plan: Uint8Array } | null = null;
  while (found === null) {
    const lease = await findLease(bus, id);
    const run = lease === null ? null : busRunOf(id, lease.incarnation);
    const plan = run === null ? null : await findInState(bus, run, planKey);
    if (run !== null && plan !== null) found = { run, plan };
    else await sleep(50);
  }
  const plan = readRunPlan(id, found.plan);
  const attacks = attacksOn(found.run, plan);
  expect(new Set(attacks.map(({ kind }) => kind)).size).toBeGreaterThan(100);
  // On its own subjects, too, what a login says counts for nothing without the key that signs.
  const own = attacksOn(found.run, { ...plan, satellites: plan.satellites.toReversed() }).filter(
    ({ subject }) => subject.includes(".link."),
  );
  const strangers: { readonly name: string; readonly nc: NatsConnection }[] = [];
  for (const name of ["subscriber", "observer", "walker-1-2", "South", "centre", "mission-control"])
    strangers.push({ name, nc: await strangerAs(keys, name, server.url) });
  const attack = async (): Promise<void> => {
    for (const { name, nc } of strangers) {
      await say(
        nc,
        attacks.filter((one) => !isItsOwn(name, one)),
      );
      if (name === "walker-1-2") await say(nc, own);
    }
  };
  // A consumer reads what its subject says, not what its request says.
  const south = strangers.find(({ name }) => name === "South");
  const stream = `swath_${found.run.replace(".", "_")}_link`;
  const trick = await south?.nc.request(
    `$JS.API.CONSUMER.CREATE.${stream}.thief.swath.${found.run}.link.*.South`,
    JSON.stringify({
      stream_name: stream,
      config: { name: "thief", filter_subject: `swath.${found.run}.link.*.North`, ack_policy: "none" },
    }),
  );
  expect(trick?.json()).toMatchObject({ error: { description: expect.stringMatching(/filter/) as unknown } });
  // Before anybody of the run has said a word: whoever comes first has the ids and the places.
  await attack();
  const node = (kind: string, name: string) =>
    start([kind, name, "--run", id, "--nats", server.url, "--keys", join(keys, `${name}.nk`)]);
  const nodes = [
    ...satellites.map((name) => node("satellite", name)),
    ...["North", "South"].map((name) => node("station", name)),
  ];
  let isOver = false;
  const pestering = (async () => {
    while (!isOver) {
      await attack();
      await sleep(1_000);
    }
  })();
  try {
    await allEndWell([commander, ...nodes]);
  } finally {
    isOver = true;
    await pestering;
    for (const { nc } of strangers) await nc.close();
  }
  expect(
    differingRuns(reference, out).filter((path) => !path.startsWith("mission/") && path !== "manifest.json"),
  ).toEqual([]);
  const said = (await Promise.all([commander, ...nodes].map(({ finished }) => finished)))
    .map(({ stderr }) => stderr)
    .join("\n");
  for (const kind of ["link message unsigned", "nak message unsigned", "link message forged"])
    expect(said).toMatch(new RegExp(`refused at [\\w, -]+: ${kind}, [\\d,]+ ×`));
  expect((await listStreams(bus)).filter(({ name }) => name.startsWith(runId))).toEqual([]);
}, 240_000);
