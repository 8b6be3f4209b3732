import { acquisitionAt } from "../../pipeline/orbit/acquisition.ts";
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { messageOf } from "../../pipeline/errors.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import type { Notes } from "../progress.ts";
import type { ClosedPolicy } from "../record/mission-recorder.ts";
import { partialFolder } from "./partial-folder.ts";
import { configurationOf, isDoubt, readValueFile, sweepHalfWritten, writeValueFile } from "./value-file.ts";

/** A flight that is over, and its part of the mission record where it has one. */
export interface KeptFlight {
  readonly run: PolicyRun;
  readonly record: ClosedPolicy | null;
}

/** What a flight is taken up with again: all of a plan and of the scenes is known before it is flown. */
export interface FlightGround {
  readonly plan: RunPlan;
  readonly scenes: readonly Scene[];
}

/** The flights that a run has behind it, beside where its folder will stand: when it is killed, its next start goes on behind them. */
export interface KeptFlights {
  /** A flight that an earlier start of the same run finished; `null`: none, or one that does not verify, which is said. */
  readonly take: (name: string, ground: FlightGround) => Promise<KeptFlight | null>;
  /** Keeps a flight. A disk without room costs the next start time, and this one nothing: that is said. */
  readonly keep: (name: string, flight: KeptFlight) => Promise<void>;
}

/** A run that has no folder keeps nothing. */
export const nothingKept: KeptFlights = {
  take: async () => null,
  keep: async () => undefined,
};

/** What a run rests on besides its identity: the same flight by another release or another engine may be written otherwise. */
export interface KeptRun {
  readonly runFolder: string;
  readonly identity: RunIdentity;
  /** A scene that cannot be read ends the run instead of being left out. */
  readonly strict: boolean;
}

/** A landed acquisition without what the plan and the dataset say of it. */
type KeptLanding = Omit<LandedAcquisition, "acquisition" | "scene"> & { readonly index: number };

interface Body extends Omit<PolicyRun, "plan" | "landed"> {
  readonly landed: readonly KeptLanding[];
  /** Orders change the plan while it is flown: those that came by then are in it. */
  readonly ordered: Pick<RunPlan, "orders" | "acquisitions"> | null;
  readonly record: ClosedPolicy | null;
}

const bodyOf = ({
  run: { plan, satellites, stations, chips, tiles, landed, cues },
  record,
}: KeptFlight): Body => ({
  ...(cues === undefined ? {} : { cues }),
  ordered: plan.orders === undefined ? null : { orders: plan.orders, acquisitions: plan.acquisitions },
  satellites,
  stations,
  chips,
  tiles,
  landed: landed.map(({ acquisition, scene: _scene, ...rest }) => ({ ...rest, index: acquisition.index })),
  record,
});

const flightOf = (
  { landed, record, ordered, ...run }: Body,
  { plan: planned, scenes }: FlightGround,
): KeptFlight => {
  const plan = { ...planned, ...ordered };
  const byId = new Map(scenes.map((scene) => [scene.id, scene]));
  return {
    run: {
      ...run,
      plan,
      landed: landed.map(({ index, ...rest }) => {
        const acquisition = acquisitionAt(plan.acquisitions, index);
        const scene = byId.get(acquisition?.scene ?? "");
        if (acquisition === undefined || scene === undefined)
          throw new RangeError(`no acquisition ${index} in the plan`);
        return { acquisition, scene, ...rest };
      }),
    },
    record,
  };
};

/** What nobody came back to for so long is swept; ms. */
const longestKept = 30 * 24 * 3_600_000;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

/** Removes what runs in `out` left behind that nobody went on with for a month. */
const sweepOld = async (out: string): Promise<void> => {
  for (const name of await readdir(out).catch(() => [])) {
    if (!/^\..+\.partial$/.test(name)) continue;
    const path = join(out, name);
    try {
      if (Date.now() - (await stat(path)).mtimeMs > longestKept) await rm(path, { recursive: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
};

/** What the name of a flight's file follows from. */
const fileOf = (name: string): string =>
  `${createHash("sha256").update(name).digest("hex").slice(0, 16)}.flight`;

/** The flights of a run that an earlier start may have left. */
export const openKeptFlights = async (
  { runFolder, identity, strict }: KeptRun,
  { note }: Notes,
): Promise<KeptFlights> => {
  const folder = partialFolder(runFolder);
  const configuration = configurationOf([identity.sha256, strict]);
  const pathOf = (name: string): string => join(folder, fileOf(name));
  try {
    await sweepOld(dirname(runFolder));
    await sweepHalfWritten(folder);
  } catch (error) {
    if (!isMissing(error)) note(`old remains of runs were not swept: ${messageOf(error)}`);
  }
  return {
    async take(name, ground) {
      const found = await readValueFile<Body>(pathOf(name), { name, configuration });
      if (found === null) return null;
      if (!isDoubt(found)) return flightOf(found, ground);
      note(`${name} is flown again: what ${basename(folder)} has of it is not taken: ${found.doubt}`);
      return null;
    },
    async keep(name, flight) {
      try {
        await mkdir(folder, { recursive: true });
        await writeValueFile(pathOf(name), bodyOf(flight), { name, configuration });
      } catch (error) {
        note(`${name} is not kept for a later start: ${messageOf(error)}`);
      }
    },
  };
};
