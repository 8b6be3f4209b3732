import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FleetRecord } from "../../../measure/fleet/fleet-record.ts";
import { beforeFirst, type EpochNotes, type Exchange } from "../../../operators/mesh/mesh.ts";
import type { SimulationPlan } from "../../../operators/simulation/simulation.ts";
import { openJournal, removeJournal } from "../../../studies/folder/journal.ts";
import { flyShard } from "../../../studies/fleet/shard.ts";
import { keepLog, type KeptLog } from "../../../studies/record/satellite-log.ts";
import { shortMesh } from "../../operators/simulation/short-mesh.ts";

const plan = shortMesh();
/** The same with tiles that others compute: how far that is, no epoch keeps. */
const shared: SimulationPlan = {
  ...plan,
  mesh: plan.mesh && { ...plan.mesh, offload: "latency" },
};

class Killed extends Error {}

interface Start {
  readonly flown?: SimulationPlan;
  readonly runFolder: string;
  readonly of?: number;
  /** Epochs that are flown before it is killed. */
  readonly killedAt?: number;
  readonly logs?: "as text" | "live";
  readonly configuration?: string;
  readonly start?: string | null;
}

/** Shards of one process that hear each other. */
const together = (of: number): readonly Exchange[] => {
  const said = new Map<number, { readonly all: EpochNotes[]; readonly queue: (() => void)[] }>();
  return Array.from({ length: of }, (_, index): Exchange => async (epoch, notes) => {
    const { all, queue } = said.get(epoch) ?? { all: [], queue: [] };
    said.set(epoch, { all, queue });
    all[index] = notes;
    if (Object.keys(all).length === of) for (const wake of queue) wake();
    else await new Promise<void>((resolve) => queue.push(resolve));
    return all;
  });
};

/** What a start of a run comes to: its records with crosslinks, what was told live, behind which epochs it began, and what it said. */
const fly = async ({
  flown = plan,
  runFolder,
  of = 1,
  killedAt = Infinity,
  logs = "as text",
  configuration = "c",
  start = null,
}: Start) => {
  const records = new Map<string, FleetRecord>();
  const live = new Map<string, KeptLog>();
  const begun: (number | null)[] = [];
  const notes: string[] = [];
  const said: number[] = [];
  const shards = together(of).map(async (exchange, index) => {
    let epochs = 0;
    await using journal = await openJournal(runFolder, index, of);
    await flyShard(flown, {
      index,
      of,
      exchange(epoch, notes) {
        said.push(epoch);
        return exchange(epoch, notes);
      },
      journal,
      logs:
        logs === "as text"
          ? logs
          : (flight, satellite) => {
              const log = keepLog();
              if (flight === "mesh") live.set(satellite, log);
              return log;
            },
      emit: async (flight, record) => {
        if (flight === "mesh") records.set(record.row.satellite, record);
      },
      onEpoch() {
        if (++epochs > killedAt) throw new Killed();
      },
      keeps: {
        runFolder,
        configuration,
        start,
        note: (text) => void notes.push(text),
        onBegin: (epoch) => void begun.push(epoch),
        // Every epoch is kept, but where it flies to its end.
        ...(killedAt === Infinity ? {} : { rests: { least: 0, costs: 0 } }),
      },
      signal: new AbortController().signal,
    });
  });
  for (const end of await Promise.allSettled(shards))
    if (end.status === "rejected" && !(end.reason instanceof Killed)) throw end.reason;
  const texts = plan.satellites.map(({ id }) => records.get(id)?.log ?? live.get(id)?.text());
  const rows = plan.satellites.map(({ id }) => ({ ...records.get(id), log: null }));
  return { bytes: JSON.stringify([rows, texts]), begun, notes, said };
};

describe("epochs that are kept", () => {
  let out = "";
  let runFolder = "";
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), "swath-kept-"));
    runFolder = join(out, "run");
  });
  afterEach(() => rmSync(out, { recursive: true }));
  const folder = (): string => join(out, ".run.partial");
  const epochFiles = (): readonly string[] => readdirSync(folder()).filter((name) => name.endsWith(".epoch"));
  const whole = fly({ runFolder: mkdtempSync(join(tmpdir(), "swath-kept-")) });

  it("are gone on behind after a kill, with the same records and the same that is told", async () => {
    await fly({ runFolder, killedAt: 20 });
    expect(epochFiles()).toHaveLength(2);
    await fly({ runFolder, killedAt: 15, logs: "live" });
    const { begun, bytes } = await fly({ runFolder, logs: "live" });
    expect(begun).toEqual([34]);
    expect(bytes === (await whole).bytes).toBe(true);
    await removeJournal(runFolder, { index: 0, of: 1 });
    expect(readdirSync(out)).toEqual([]);
  });

  it("are gone on behind by another number of shards", async () => {
    await fly({ runFolder, of: 2, killedAt: 12 });
    await fly({ runFolder, of: 3, killedAt: 12 });
    const { begun, bytes } = await fly({ runFolder });
    expect(begun).toEqual([23]);
    expect(bytes === (await whole).bytes).toBe(true);
  });

  it("are agreed upon: what one shard has lost all go back behind", async () => {
    await fly({ runFolder, of: 2, killedAt: 9 });
    rmSync(join(folder(), epochFiles().find((name) => name.includes("-1of2-8.")) ?? "none"));
    const { begun, bytes } = await fly({ runFolder, of: 2 });
    expect(begun).toEqual([7, 7]);
    expect(bytes === (await whole).bytes).toBe(true);
  });

  it.each([
    ["a byte has changed", (path: string) => writeFileSync(path, readFileSync(path).fill(1, 5000, 5001))],
    ["they are cut off", (path: string) => truncateSync(path, statSync(path).size - 1)],
    ["they are empty", (path: string) => truncateSync(path, 0)],
  ])("are passed over where %s", async (_, spoil) => {
    await fly({ runFolder, killedAt: 10 });
    const last = epochFiles().find((name) => name.includes("-9.")) ?? "none";
    spoil(join(folder(), last));
    expect((await fly({ runFolder, killedAt: 0 })).begun).toEqual([8]);
  });

  it("are none of another configuration's", async () => {
    await fly({ runFolder, killedAt: 10 });
    expect((await fly({ runFolder, killedAt: 0, configuration: "d" })).begun).toEqual([null]);
  });

  it("are gone on behind by one shard alone while the others fly on, and after an agreement in another start of the run", async () => {
    await fly({ runFolder, killedAt: 10, start: "run.1" });
    const same = await fly({ runFolder, killedAt: 0, start: "run.1" });
    expect(same).toMatchObject({ begun: [9], said: [10] });
    const other = await fly({ runFolder, killedAt: 0, start: "run.2" });
    expect(other).toMatchObject({ begun: [9], said: [beforeFirst, 10] });
  });

  it("are none where tiles are shared out: after a kill all is flown again, to the same bytes, on any number of shards", async () => {
    const whole = await fly({ flown: shared, runFolder: join(out, "whole") });
    expect(/"shared":\{"acquisitions":[1-9]/.test(whole.bytes)).toBe(true);
    const killed = await fly({ flown: shared, runFolder, killedAt: 20 });
    expect(killed).toMatchObject({
      begun: [],
      notes: [expect.stringMatching(/is not kept for a later start: .*shared work/)],
    });
    expect(epochFiles()).toEqual([]);
    const again = await fly({ flown: shared, runFolder });
    expect(again.begun).toEqual([]);
    expect(again.said[0]).toBe(0);
    expect(again.bytes === whole.bytes).toBe(true);
    await fly({ flown: shared, runFolder: join(out, "three"), of: 3, killedAt: 12 });
    const three = await fly({ flown: shared, runFolder: join(out, "three"), of: 3 });
    expect(three.bytes === whole.bytes).toBe(true);
  });

  it("cost the next start time where they cannot be written, and this one nothing", async () => {
    await fly({ runFolder, killedAt: 3 });
    // A folder stands where the next file would, and cannot be removed as a file is.
    const [name = ""] = epochFiles();
    mkdirSync(join(folder(), name.replace(/-\d+\.epoch/, "-5.epoch")));
    const { bytes, notes } = await fly({ runFolder });
    expect(notes).toEqual([
      expect.stringMatching(/-5\.epoch is not gone on behind: EISDIR/),
      expect.stringMatching(/is not kept for a later start: /),
    ]);
    expect(bytes === (await whole).bytes).toBe(true);
  });
});
