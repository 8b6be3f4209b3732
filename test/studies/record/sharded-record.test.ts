import { expect, test } from "vitest";
import type { RunFile } from "../../../pipeline/atomic-folder.ts";
import type { FlightLog } from "../../../pipeline/mission/flight-log.ts";
import { offloadRules } from "../../../pipeline/mission/offload.ts";
import { alone } from "../../../operators/mesh/mesh.ts";
import { simulate, type SimulationPlan } from "../../../operators/simulation/simulation.ts";
import { later, seconds } from "../../../pipeline/units.ts";
import { openPolicyRecorder, type PolicyRecorder } from "../../../studies/record/policy-recorder.ts";
import { keepLog, type KeptLog, tellAgain } from "../../../studies/record/satellite-log.ts";
import { shortMesh } from "../../operators/simulation/short-mesh.ts";

const short = shortMesh();
const mesh = short.mesh as NonNullable<SimulationPlan["mesh"]>;
const { from, to } = short.contacts;

/** The record of a flight that `tell` tells, and how often it grew. */
const recordOf = async (
  plan: SimulationPlan,
  isLive: boolean,
  tell: (to: PolicyRecorder) => Promise<void>,
) => {
  const ids = plan.satellites.map(({ id }) => id);
  let grown = 0;
  let written: readonly RunFile[] = [];
  const recorder = openPolicyRecorder({
    policy: { label: "mesh", name: "detect", sends: "", where: "board" },
    numbering: {
      from,
      satellite: (id) => ids.indexOf(id),
      station: (id) => plan.stations.findIndex((station) => station.id === id),
      contact: (id) => plan.contacts.contacts.findIndex((contact) => contact.id === id),
    },
    satellites: ids,
    horizon: to - from,
    growEveryMs: 0,
    onGrown: isLive ? () => void grown++ : null,
    onClosed: (files) => (written = files),
  });
  await tell(recorder);
  recorder.close();
  return {
    grown,
    written: written.map(({ path, content }) => [path, Buffer.from(content).toString("base64")]),
  };
};

const fly = async (plan: SimulationPlan, logOf: (satellite: string) => FlightLog): Promise<void> => {
  const { signal } = new AbortController();
  for await (const _ of simulate(plan, { index: 0, of: 1, exchange: alone }, { signal, logOf })) continue;
};

/** Told while it is flown, or satellite by satellite when all have flown: as one thread and several do. */
const bothWays = async (plan: SimulationPlan) => {
  const live = await recordOf(plan, true, (recorder) => fly(plan, recorder.flight));
  const kept = new Map<string, KeptLog>();
  await fly(plan, (satellite) => {
    const log = keepLog();
    kept.set(satellite, log);
    return log;
  });
  const after = await recordOf(plan, true, async (recorder) => {
    for (const [satellite, log] of [...kept].toReversed())
      tellAgain(log.text(), satellite, recorder.flight(satellite));
  });
  return { live, after };
};

test("a record has the same bytes whether it grew while all flew, or was told satellite by satellite", async () => {
  const { live, after } = await bothWays(short);
  expect(live.grown).toBeGreaterThan(10);
  expect(after.grown).toBe(0);
  expect(after.written).toEqual(live.written);
});

test.each(offloadRules)("so it is where tiles are computed by whoever earns them: %s", async (offload) => {
  const { live, after } = await bothWays({ ...short, mesh: { ...mesh, offload } });
  expect(after.written).toEqual(live.written);
});

test("texts of a record stand where they would had it never grown", async () => {
  const tell = async (recorder: PolicyRecorder): Promise<void> => {
    const ids = short.satellites.map(({ id }) => id);
    const first = recorder.flight(ids[0] as string);
    const product = { acquisition: 0, kind: "detections", tile: null } as const;
    first.tell({ type: "evicted", at: later(from, seconds(100)), product, bytes: 1, reason: "store-full" });
    for (const id of ids) recorder.flight(id).through(later(from, seconds(200)));
    for (const reason of ["heat", "battery"] as const)
      first.stoodStill({ from: later(from, seconds(1000)), to: later(from, seconds(1100)), reason });
  };
  const live = await recordOf(short, true, tell);
  expect(live.grown).toBe(1);
  expect(live.written).toEqual((await recordOf(short, false, tell)).written);
});
