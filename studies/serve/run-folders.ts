import { readdirSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeColumns } from "../../pipeline/column-file.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { type MissionHead, parseMissionHead } from "../../pipeline/mission/mission-head.ts";
import type { MissionTable } from "../../pipeline/mission/mission-tables.ts";
import type { PictureName, RunCatalogue, RunEntry, RunGrowth } from "../../stations/gateway/run-catalogue.ts";
import { listRuns } from "../folder/run-list.ts";
import { runsIn } from "../folder/read-run.ts";
import { newScenePictures, noPixels } from "./scene-pictures.ts";
import { runOfWorkFolder, silentAfter, workFolder } from "../record/work-folder.ts";

/** How often a record at work is looked at; ms. */
const lookEvery = 250;

/** How long a list is good; ms. */
const usualListFor = 1_000;

type Content = Uint8Array<ArrayBuffer>;

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

const readOr = async (path: string): Promise<Content | null> => {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

const headIn = (folder: string): MissionHead | string => {
  try {
    const path = join(folder, "head.json");
    return parseMissionHead(JSON.parse(readFileSync(path, "utf8")), path);
  } catch (error) {
    if (isMissing(error)) return "mission/head.json";
    if (isSwathError(error)) return error.message;
    if (error instanceof SyntaxError) return `mission/head.json is no JSON: ${error.message}`;
    throw error;
  }
};

const partsOf = ({ plan, policies }: MissionHead): readonly string[] => [
  ...Object.values(plan).flatMap((part) => (part === null || part === undefined ? [] : [part.file])),
  ...policies.flatMap(({ events, detections, body }) =>
    [...events, ...detections, ...body].map(({ file }) => file),
  ),
];

/** A file of columns in a record, or in the folder of one of its policies. */
const isPartName = (file: string): boolean => /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*\.bin$/.test(file);

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** What a finished run's folder lacks. */
const missingIn = (folder: string, kind: RunEntry["kind"]): readonly string[] => {
  const missing = isThere(join(folder, "report.html")) ? [] : ["report.html"];
  if (kind === "sweep") return missing;
  const head = headIn(join(folder, "mission"));
  if (typeof head === "string") return [...missing, head];
  return [
    ...missing,
    ...partsOf(head)
      .filter((file) => !isThere(join(folder, "mission", file)))
      .map((file) => `mission/${file}`),
  ];
};

/** A record beside the folders of runs: of one at work, or of one that ended without a result. */
interface WorkRecord {
  readonly folder: string;
  readonly head: MissionHead;
  readonly state: RunEntry["state"];
  readonly touched: Date;
}

const workRecord = (folder: string): WorkRecord | null => {
  const head = headIn(folder);
  if (typeof head === "string") return null;
  const touched = statSync(join(folder, "head.json"), { throwIfNoEntry: false })?.mtime;
  if (touched === undefined) return null;
  const isAlive = Date.now() - touched.getTime() < silentAfter;
  return { folder, head, state: head.state === "at work" && !isAlive ? "interrupted" : head.state, touched };
};

/** Runs at work, and those that ended without a result, but for those that were flown again since. */
const workEntries = (out: string, finished: ReadonlySet<string>): readonly RunEntry[] =>
  readdirSync(out, { withFileTypes: true }).flatMap((entry): RunEntry[] => {
    const run = entry.isDirectory() ? runOfWorkFolder(entry.name) : null;
    const record = run === null ? null : workRecord(join(out, entry.name));
    if (run === null || record === null || (finished.has(run) && record.state !== "at work")) return [];
    const { head, state, touched } = record;
    return [
      {
        run,
        kind: head.shows === "counts" ? "simulation" : "run",
        state,
        of: head.dataset?.name ?? head.constellation,
        model: head.model?.name ?? null,
        policies: head.policies.map(({ label }) => label),
        from: head.horizon.from,
        written: touched.toISOString(),
        tags: [],
        mission: true,
        report: false,
        missing: [],
      },
    ];
  });

/** Changes when the folder of a run comes, goes or is written. */
const stateOf = (out: string): string =>
  runsIn(out)
    .map((name) => {
      const times = ["", "summary.json", "mission"].map(
        (path) => statSync(join(out, name, path), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      );
      return `${name} ${times.join(" ")}`;
    })
    .join("\n");

const nothing = (out: string): boolean => !isThere(out);

/** The runs in a folder: those that are written, those at work there, and what is half there. */
export const runFolders = (
  out: string,
  { listForMs = usualListFor }: { readonly listForMs?: number } = {},
): RunCatalogue => {
  const scenePictures = newScenePictures();
  let listed: { readonly at: number; readonly entries: readonly RunEntry[] } | null = null;

  /** Folders of runs, whole and half: read again only where one of them has changed. */
  let standing: {
    readonly state: string;
    readonly whole: readonly RunEntry[];
    readonly halves: readonly RunEntry[];
  } | null = null;

  const stand = () => {
    const state = stateOf(out);
    if (standing?.state === state) return standing;
    const { runs } = listRuns(out);
    const whole = runs
      .filter(({ state }) => state === "finished")
      .map((listedRun): RunEntry => {
        const { run, kind, of, model, policies, from, written, tags } = listedRun;
        const folder = join(out, run);
        const missing = [...missingIn(folder, kind)];
        return {
          run,
          kind,
          state: missing.length === 0 ? "finished" : "incomplete",
          of,
          model,
          policies: [...policies],
          from,
          written,
          tags: [...tags],
          mission: isThere(join(folder, "mission", "head.json")),
          report: isThere(join(folder, "report.html")),
          missing,
        };
      });
    const known = new Set(whole.map(({ run }) => run));
    const halves = runsIn(out)
      .filter((name) => !known.has(name))
      .map((run): RunEntry => {
        const folder = join(out, run);
        const hasMission = isThere(join(folder, "mission", "head.json"));
        return {
          run,
          kind: null,
          state: "incomplete",
          of: null,
          model: null,
          policies: [],
          from: null,
          written: new Date(statSync(folder).mtimeMs).toISOString(),
          tags: [],
          mission: hasMission,
          report: isThere(join(folder, "report.html")),
          missing: [isThere(join(folder, "summary.json")) ? "summary.json that can be read" : "summary.json"],
        };
      });
    standing = { state, whole, halves };
    return standing;
  };

  const look = (): readonly RunEntry[] => {
    if (nothing(out)) return [];
    const { whole, halves } = stand();
    const working = workEntries(out, new Set(whole.map(({ run }) => run)));
    const flownAgain = new Set(working.map(({ run }) => run));
    return [...whole.filter(({ run }) => !flownAgain.has(run)), ...working, ...halves].toSorted((a, b) =>
      a.written === b.written ? (a.run < b.run ? -1 : 1) : a.written < b.written ? 1 : -1,
    );
  };

  const list = async (): Promise<readonly RunEntry[]> => {
    if (listed === null || Date.now() - listed.at >= listForMs) listed = { at: Date.now(), entries: look() };
    return listed.entries;
  };
  const find = async (run: string): Promise<RunEntry | null> =>
    (await list()).find((entry) => entry.run === run) ?? null;

  /** Where the record of a run stands now, and its pictures: beside the run's folder while it is at work, in it afterwards. */
  const placesOf = (run: string): { readonly record: string; readonly pictures: string } => {
    const beside = workFolder(join(out, run));
    const finished = join(out, run, "mission");
    const isFinished = isThere(join(finished, "head.json"));
    if (isFinished && workRecord(beside)?.state !== "at work")
      return { record: finished, pictures: join(out, run) };
    return { record: beside, pictures: beside };
  };
  const recordOf = (run: string): string => placesOf(run).record;

  const sceneOf = async (run: string, acquisition: number): Promise<string | null> => {
    const record = recordOf(run);
    const [taken, scenes] = await Promise.all([
      readOr(join(record, "plan-acquisitions.bin")),
      readOr(join(record, "plan-scenes.bin")),
    ]);
    if (taken === null || scenes === null) return null;
    const table = decodeColumns(taken).tables["acquisitions"] as MissionTable<"acquisitions"> | undefined;
    const named = decodeColumns(scenes);
    const names = named.tables["scenes"] as MissionTable<"scenes"> | undefined;
    const scene = table?.columns.scene[acquisition];
    const place = scene === undefined ? undefined : names?.columns.name[scene];
    return place === undefined ? null : (named.texts[place] ?? null);
  };

  const picture = async (
    run: string,
    kind: "chips" | "tiles",
    { policy, acquisition, place }: PictureName,
  ): Promise<Content | null> => {
    const entry = await find(run);
    if (entry === null || !entry.policies.includes(policy)) return null;
    const scene = await sceneOf(run, acquisition);
    if (scene === null) return null;
    const ending = kind === "chips" ? "webp" : "tif";
    return readOr(join(placesOf(run).pictures, policy, kind, scene, `${acquisition}-${place}.${ending}`));
  };

  async function* follow(run: string, signal: AbortSignal): AsyncGenerator<RunGrowth> {
    let last = "";
    for (;;) {
      const record = workRecord(recordOf(run));
      if (record === null) return;
      const { state } = record;
      const { revision } = record.head;
      const now = `${revision} ${state}`;
      if (now !== last) yield { revision, state };
      last = now;
      if (state !== "at work") return;
      try {
        await sleep(lookEvery, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
  }

  return {
    list,
    find,
    async summary(run) {
      const text = await readOr(join(out, run, "summary.json"));
      return text === null ? null : (JSON.parse(new TextDecoder().decode(text)) as unknown);
    },
    report: (run) => readOr(join(out, run, "report.html")),
    head: (run) => readOr(join(recordOf(run), "head.json")),
    async part(run, file) {
      // A head that a client read a moment ago may name parts that have been put together since: they are still there.
      return isPartName(file) ? readOr(join(recordOf(run), file)) : null;
    },
    chip: (run, name) => picture(run, "chips", name),
    tile: (run, name) => picture(run, "tiles", name),
    scenePicture: async (run, part) => {
      const entry = await find(run);
      if (entry?.state === "at work" || entry?.kind === "simulation") throw noPixels(entry);
      return scenePictures.render(join(out, run), part);
    },
    follow,
  };
};
