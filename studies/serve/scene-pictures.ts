import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { isRemote } from "../../datasets/files/location.ts";
import { openDataset, type FileDigest } from "../../datasets/dataset.ts";
import { type FoundScene, openKnownScene } from "../../datasets/scene-of-files.ts";
import { encodeColours, renderColours } from "../../measure/report/drawing/picture.ts";
import { decodeColumns } from "../../pipeline/column-file.ts";
import { isSwathError, messageOf } from "../../pipeline/errors.ts";
import { someOf } from "../../pipeline/format.ts";
import type { MissionTable } from "../../pipeline/mission/mission-tables.ts";
import { HttpProblem } from "../../stations/gateway/problem.ts";
import type { RunEntry, ScenePart } from "../../stations/gateway/run-catalogue.ts";
import { filesOfScenes } from "../folder/identity-file.ts";
import { readRunFolder } from "../folder/read-run.ts";

/** Pictures of scenes from the datasets that runs have read, for those who ask for them. */
export interface ScenePictures {
  /** WebP without loss. `folder` is that of a finished run. Throws `HttpProblem`. */
  readonly render: (folder: string, part: ScenePart) => Promise<Uint8Array<ArrayBuffer>>;
}

/** How long an address that was as the run read it is taken to be so; ms. */
const remoteHolds = 600_000;

/** The refusal for a run that has no pixels to show, or none yet. */
export const noPixels = ({ run, kind }: Pick<RunEntry, "run" | "kind">): HttpProblem =>
  kind === "simulation"
    ? new HttpProblem(404, { what: `no scenes in ${run}`, hint: "a simulation draws its work from counts" })
    : new HttpProblem(409, {
        what: `${run} is at work`,
        hint: "what it read of its dataset is written down when it ends",
      });

const itemSchema = z.object({ links: z.array(z.object({ rel: z.string(), href: z.string() })) });

/** What a run's folder says of one of its scenes. */
interface RecordedScene {
  readonly width: number;
  readonly height: number;
  /** The dataset, where it is one of ours that can be made again; `null`: `files` say where it lies. */
  readonly builtin: string | null;
  readonly files: readonly string[];
  readonly digests: readonly FileDigest[];
}

/** A file of the run's folder, by its path there; `null` where it has none. */
const readIn = async (folder: string, path: string): Promise<Buffer | null> => {
  try {
    return await readFile(join(folder, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
};

const sizeIn = (plan: Buffer, scene: string): readonly [width: number, height: number] => {
  const { tables, texts } = decodeColumns(new Uint8Array(plan));
  const table = tables["scenes"] as MissionTable<"scenes"> | undefined;
  const row =
    table === undefined ? -1 : Array.from(table.columns.name).findIndex((at) => texts[at] === scene);
  return [table?.columns.width_px[row] ?? 0, table?.columns.height_px[row] ?? 0];
};

/** Files of a scene as the run's own STAC item names them, seen from the item; none where it is no item. */
const filesIn = (item: Buffer, stac: string): readonly string[] => {
  let value: unknown;
  try {
    value = JSON.parse(item.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const links = itemSchema.safeParse(value).data?.links ?? [];
  return links
    .filter(({ rel }) => rel === "derived_from")
    .map(({ href }) => (isRemote(href) ? href : resolve(stac, href)));
};

const lacks = (folder: string, what: string): HttpProblem =>
  new HttpProblem(404, {
    what: `${basename(folder)} does not say what it has read`,
    wanted: what,
    got: "none",
    hint: "runs of earlier releases have none: fly it again",
  });

const readRecorded = async (folder: string, scene: string): Promise<RecordedScene> => {
  const files = await filesOfScenes(folder);
  if (files === null) throw lacks(folder, "an identity.json");
  // A scene's name becomes a part of paths: only what the run names itself may.
  const digests = Object.hasOwn(files, scene) ? files[scene] : undefined;
  if (digests === undefined)
    throw new HttpProblem(404, {
      what: `no scene "${scene}" in ${basename(folder)}`,
      wanted: `one of ${someOf(Object.keys(files))}`,
    });
  const written = readRunFolder(folder, folder);
  if (written.kind !== "run") throw noPixels({ run: basename(folder), kind: written.kind });
  const plan = await readIn(folder, "mission/plan-scenes.bin");
  if (plan === null) throw lacks(folder, "a mission record");
  const [width, height] = sizeIn(plan, scene);
  const { dataset, policies } = written.summary;
  if (dataset.name.startsWith("builtin:"))
    return { width, height, digests, builtin: dataset.name, files: [] };
  for (const { policy } of policies) {
    const stac = join(folder, policy, "stac");
    const item = await readIn(stac, `${scene}.json`);
    const named = item === null ? [] : filesIn(item, stac);
    if (named.length > 0) return { width, height, digests, builtin: null, files: named };
  }
  throw lacks(folder, `a STAC item of ${scene} with derived_from`);
};

const openRecorded = async (scene: string, recorded: RecordedScene): Promise<FoundScene | null> => {
  const { builtin } = recorded;
  return builtin === null
    ? openKnownScene({ id: scene, ...recorded })
    : { dataset: await openDataset(builtin), id: scene };
};

/** Changes when one of the files does; what lies elsewhere is looked at again after a while. */
const stateOf = async (files: readonly string[]): Promise<string> => {
  const states = await Promise.all(
    files.map(async (file) => {
      if (isRemote(file)) return `${file} ${Math.floor(Date.now() / remoteHolds)}`;
      const { size, mtimeMs, ino } = await stat(file);
      return `${file} ${size} ${mtimeMs} ${ino}`;
    }),
  );
  return states.join("\n");
};

const digestTexts = (digests: readonly FileDigest[]): string =>
  digests
    .map(({ file, sha256 }) => `${sha256} ${file}`)
    .toSorted()
    .join("\n");

const gone = (scene: string, got: string, cause?: unknown): HttpProblem =>
  new HttpProblem(410, {
    what: `the dataset of scene "${scene}" is not where the run read it`,
    got,
    hint: "put it back there, or fly the run again",
    ...(cause === undefined ? {} : { cause }),
  });

const changed = (scene: string, got: string): HttpProblem =>
  new HttpProblem(409, {
    what: `the dataset of scene "${scene}" has changed since the run`,
    wanted: "the files that the run read, by their SHA-256",
    got,
    hint: "put the files back, or fly the run again",
  });

/** Refuses files that are missing, by their names alone. */
const requireFiles = async (scene: string, files: readonly string[]): Promise<void> => {
  for (const file of files) {
    if (isRemote(file)) continue;
    const info = await stat(file).catch((cause: unknown) => {
      throw gone(scene, `no ${basename(file)}`, cause);
    });
    if (!info.isFile()) throw gone(scene, `${basename(file)} is no file`);
  }
};

const requireInside = ({ scene, window }: ScenePart, width: number, height: number): void => {
  const { x, y } = window;
  if (x + window.width <= width && y + window.height <= height) return;
  throw new HttpProblem(400, {
    what: `bbox leaves scene "${scene}"`,
    wanted: `within 0,0,${width},${height}`,
    got: [x, y, x + window.width, y + window.height].join(","),
    field: "bbox",
  });
};

/** A renderer of scene pictures: one after the other, so that many who ask take no more memory than one. */
export const newScenePictures = (): ScenePictures => {
  /** Files that were found to be as the run read them, by run and scene. */
  const sound = new Map<string, string>();
  let before: Promise<unknown> = Promise.resolve();

  const requireSound = async (
    key: string,
    { dataset, id }: FoundScene,
    scene: string,
    recorded: RecordedScene,
  ): Promise<void> => {
    const state = await stateOf(dataset.files(id));
    if (sound.get(key) === state) return;
    const found = await dataset.digests(id, new AbortController().signal);
    if (digestTexts(found) !== digestTexts(recorded.digests)) {
      const known = new Set(recorded.digests.map(({ sha256 }) => sha256));
      const others = found.filter(({ sha256 }) => !known.has(sha256)).map(({ file }) => file);
      throw changed(scene, others.length === 0 ? "fewer files" : `other bytes in ${someOf(others)}`);
    }
    sound.set(key, state);
  };

  const draw = async (folder: string, part: ScenePart): Promise<Uint8Array<ArrayBuffer>> => {
    const { scene, window } = part;
    const recorded = await readRecorded(folder, scene);
    await requireFiles(scene, recorded.files);
    requireInside(part, recorded.width, recorded.height);
    try {
      const found = await openRecorded(scene, recorded);
      if (found === null) throw changed(scene, "no picture of the size that the run saw");
      await using dataset = found.dataset;
      await requireSound(`${folder} ${scene}`, found, scene, recorded);
      await using reader = await dataset.open(found.id);
      return await encodeColours(await renderColours(reader, window), window);
    } catch (error) {
      if (error instanceof HttpProblem || !isSwathError(error)) throw error;
      throw gone(scene, messageOf(error), error);
    }
  };

  return {
    render(folder, part) {
      const drawn = before.then(() => draw(resolve(folder), part));
      before = drawn.catch(() => undefined);
      return drawn;
    },
  };
};
