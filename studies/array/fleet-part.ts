import { join } from "node:path";
import type { FleetRecord } from "../../measure/fleet/fleet-record.ts";
import { version } from "../../pipeline/package.ts";
import { identifyFleet } from "../engine/run-name.ts";
import { planSimulation } from "../fleet/fleet-plan.ts";
import { flightsOf, flyShard } from "../fleet/shard.ts";
import { whyNoRecord } from "../record/fleet-record-files.ts";
import { openRowJournal } from "../folder/journal.ts";
import { requireWritable } from "../folder/out-folder.ts";
import type { ShardOf } from "../options/shard.ts";
import type { FleetProgress, StudyPorts } from "../progress.ts";
import type { SimulationExecution, SimulationScenario } from "../scenario.ts";
import { closePart, fileDigest, openPart, partFolder, type PartHead } from "./part-file.ts";
import type { FinishedPart } from "./scene-part.ts";

/**
 * Flies every n-th satellite of a simulation straight down, without a bus and without the other parts. With crosslinks satellites feed each other: that flight is
 * flown when the parts are merged. Called again after it was stopped or killed, it goes on with the first satellite that is missing.
 */
export const flyPart = async (
  scenario: SimulationScenario,
  { out }: Pick<SimulationExecution, "out">,
  shard: ShardOf,
  { progress, signal }: StudyPorts<FleetProgress>,
): Promise<FinishedPart> => {
  await requireWritable(out);
  const plan = await planSimulation(scenario, signal, progress.note);
  signal.throwIfAborted();
  const { reads } = identifyFleet(scenario, plan);
  const folder = partFolder(out, { command: "simulate", reads }, shard);
  await openPart(folder);
  const { index, of } = shard;
  const own = plan.satellites.filter((_, at) => at % of === index).length;
  progress.begin(own);
  let before = 0;
  {
    await using journal = await openRowJournal<FleetRecord>(folder);
    const known = new Map(journal.rows.map((record) => [record.row.satellite, record]));
    before = known.size;
    await flyShard(
      { ...plan, mesh: null },
      {
        index,
        of,
        exchange: null,
        logs: whyNoRecord(plan, flightsOf(plan)) === null ? "as text" : "nowhere",
        journal: { ...journal, known },
        emit: async (flight, record) => progress.flown(flight, record),
        onEpoch: progress.epoch,
        keeps: null,
        signal,
      },
    );
  }
  const path = `${version}.jsonl`;
  await closePart(folder, {
    command: "simulate",
    dataset: null,
    options: scenario.options as PartHead["options"],
    chosen: {},
    strict: false,
    shard,
    reads,
    files: {},
    works: [],
    records: [{ path, sha256: await fileDigest(join(folder, path)), satellites: own }],
  });
  return { folder, shard, units: own, before };
};
