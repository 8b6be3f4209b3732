import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { z } from "zod";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { messageOf } from "../../pipeline/errors.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { commit, version } from "../../pipeline/package.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import type { Notes } from "../progress.ts";
import type { ClosedPolicy } from "../record/mission-recorder.ts";
import { partialFolder } from "./partial-folder.ts";

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

const schema = "swath-flight/1";

/** The first line of the file; behind it the flight, as V8 writes values. */
const headSchema = z.strictObject({
  schema: z.literal(schema),
  configuration: z.string(),
  flight: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
});

/** A landed acquisition without what the plan and the dataset say of it. */
type KeptLanding = Omit<LandedAcquisition, "acquisition" | "scene"> & { readonly index: number };

interface Body extends Omit<PolicyRun, "plan" | "landed"> {
  readonly landed: readonly KeptLanding[];
  readonly record: ClosedPolicy | null;
}

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

const configurationOf = ({ identity, strict }: KeptRun): string =>
  sha256(
    JSON.stringify([
      identity.sha256,
      strict,
      version,
      commit,
      process.versions.v8,
      process.platform,
      process.arch,
    ]),
  );

const bodyOf = ({ run: { satellites, stations, chips, tiles, landed }, record }: KeptFlight): Body => ({
  satellites,
  stations,
  chips,
  tiles,
  landed: landed.map(({ acquisition, scene: _scene, ...rest }) => ({ ...rest, index: acquisition.index })),
  record,
});

const flightOf = ({ landed, record, ...run }: Body, { plan, scenes }: FlightGround): KeptFlight => {
  const byId = new Map(scenes.map((scene) => [scene.id, scene]));
  return {
    run: {
      ...run,
      plan,
      landed: landed.map(({ index, ...rest }) => {
        const acquisition = plan.acquisitions[index];
        const scene = byId.get(acquisition?.scene ?? "");
        if (acquisition === undefined || scene === undefined)
          throw new RangeError(`no acquisition ${index} in the plan`);
        return { acquisition, scene, ...rest };
      }),
    },
    record,
  };
};

/** Why a file does not hold the flight that is wanted. */
type Doubt = { readonly doubt: string };

const readFlight = (data: Uint8Array, name: string, configuration: string): Body | Doubt => {
  const end = data.indexOf(0x0a);
  let head: z.infer<typeof headSchema>;
  try {
    head = headSchema.parse(JSON.parse(Buffer.from(data.subarray(0, Math.max(0, end))).toString()));
  } catch {
    return { doubt: "it is none of this release's" };
  }
  const body = data.subarray(end + 1);
  if (head.configuration !== configuration || head.flight !== name)
    return { doubt: "another release or machine flew it, or with other options" };
  if (body.length !== head.bytes || sha256(body) !== head.sha256)
    return { doubt: "it is not as it was written" };
  return deserialize(body) as Body;
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

/** Whole under its name or not at all. */
const writeWhole = async (path: string, parts: readonly Uint8Array[]): Promise<void> => {
  const fresh = `${path}.${process.pid}.new`;
  try {
    {
      await using file = await open(fresh, "w", 0o600);
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** The flights of a run that an earlier start may have left. */
export const openKeptFlights = async (kept: KeptRun, { note }: Notes): Promise<KeptFlights> => {
  const { runFolder } = kept;
  const folder = partialFolder(runFolder);
  const configuration = configurationOf(kept);
  const pathOf = (name: string): string => join(folder, `${sha256(name).slice(0, 16)}.flight`);
  await sweepOld(dirname(runFolder)).catch((error: unknown) =>
    note(`old remains of runs were not swept: ${messageOf(error)}`),
  );
  return {
    async take(name, ground) {
      const again = (why: string): null => {
        note(`${name} is flown again: what ${basename(folder)} has of it cannot be taken: ${why}`);
        return null;
      };
      try {
        const found = readFlight(await readFile(pathOf(name)), name, configuration);
        return "doubt" in found ? again(found.doubt) : flightOf(found, ground);
      } catch (error) {
        return isMissing(error) ? null : again(messageOf(error));
      }
    },
    async keep(name, flight) {
      const body = serialize(bodyOf(flight));
      const head = {
        schema,
        configuration,
        flight: name,
        bytes: body.length,
        sha256: sha256(body),
      } satisfies z.infer<typeof headSchema>;
      try {
        await mkdir(folder, { recursive: true });
        await writeWhole(pathOf(name), [Buffer.from(`${JSON.stringify(head)}\n`), body]);
      } catch (error) {
        note(`${name} is not kept for a later start: ${messageOf(error)}`);
      }
    },
  };
};
