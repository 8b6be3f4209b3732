/**
 * The onboard path — windows read, tiles detected, detections merged — against its bare parts and against the same job in
 * Python, in one run.
 *
 *     npm run bench:onboard [-- --json] [-- --rounds 3] [-- --model ships-s2] [-- --python /usr/bin/python3] [-- --memory]
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { readModelCard } from "../../models/model.ts";
import { makeScene, sceneSide } from "./decode-scene.ts";
import { largeSide, makeLargeScene } from "./large-scene.ts";
import { type PartRequest, type PartResult, runPart } from "./onboard-parts.ts";
import { reportFigures, type Figure } from "./figures.ts";

const bars = { overhead: 1.15, coresBusy: 0.85, timesPython: 5, memoryMegabytes: 700, memoryGrowth: 0.05 };
const names = { large: `onboard, ${largeSide}²`, scenes: "onboard, 50 scenes" };

const json = (command: string, args: readonly string[]): PartResult => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 2).join(" ")}: ${stderr.trim()}`);
  return JSON.parse(stdout) as PartResult;
};

const inProcess = (request: PartRequest): PartResult =>
  json(process.execPath, [import.meta.filename, "--part", JSON.stringify(request)]);

const projectRoot = (): string => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
};

const findPython = (asked: string | undefined): string | null =>
  [asked, "python3", "/usr/bin/python3"].find(
    (python) => python !== undefined && spawnSync(python, ["-c", "import rasterio, cv2"]).status === 0,
  ) ?? null;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const medianOf = (results: readonly PartResult[]): PartResult => ({
  tiles: results[0]?.tiles ?? 0,
  detections: results[0]?.detections ?? 0,
  wallSeconds: median(results.map((r) => r.wallSeconds)),
  cpuSeconds: median(results.map((r) => r.cpuSeconds)),
  maxRssBytes: Math.max(...results.map((r) => r.maxRssBytes)),
  machineIdle: median(results.map((r) => r.machineIdle ?? Number.NaN)),
  workersBusy: median(results.map((r) => r.workersBusy ?? Number.NaN)),
});

const percent = (share = Number.NaN): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : "";

const measure = async (options: {
  model: string;
  rounds: number;
  python: string | null;
  memory: boolean;
}) => {
  const root = projectRoot();
  const modelPath = existsSync(options.model)
    ? options.model
    : join(root, "models", "shipped", options.model);
  const card = await readModelCard(modelPath);
  const scenePath = await makeScene();
  const threads = availableParallelism();
  const parts = ["decode", "inference", "onboard"] as const;
  const rounds = { decode: [], inference: [], onboard: [], python: [] } as Record<string, PartResult[]>;
  // Interleaved, so that what else the machine does hits all alike.
  for (let round = 0; round < options.rounds; round += 1) {
    for (const part of parts) rounds[part]?.push(inProcess({ part, scenePath, modelPath, threads }));
    if (options.python === null) continue;
    const script = join(root, "test", "bench", "python-job.py");
    const { sizePx, overlapPx } = card.tile;
    const shape = ["--tile", `${sizePx}`, "--overlap", `${overlapPx}`];
    const cuts = ["--score", `${card.thresholds.score}`, "--iou", `${card.thresholds.mergeIou}`];
    rounds["python"]?.push(
      json(options.python, [script, scenePath, join(modelPath, card.file), ...shape, ...cuts]),
    );
  }
  const results: (PartResult & { readonly name: string })[] = Object.entries(rounds)
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => ({ name, ...medianOf(list) }));
  if (options.memory) {
    const common = { modelPath, threads } as const;
    const large = { ...common, part: "onboard", scenePath: await makeLargeScene(scenePath) } as const;
    results.push({ name: names.large, ...inProcess(large) });
    results.push({ name: names.scenes, ...inProcess({ ...common, part: "scenes", scenePath }) });
  }
  return { threads, model: `${card.name} ${card.version}`, results };
};

/** Growth of resident memory from the middle of a run of scenes to its end, as a share. */
const growth = (rssBytes: readonly number[]): number => {
  const early = Math.max(...rssBytes.slice(10, 30));
  return Math.max(...rssBytes.slice(30)) / early - 1;
};

const verdictsOf = ({ threads, results }: Awaited<ReturnType<typeof measure>>): Figure[] => {
  const find = (name: string): PartResult | undefined => results.find((r) => r.name === name);
  const onboard = find("onboard") as PartResult;
  const bare = (find("decode")?.cpuSeconds ?? 0) + (find("inference")?.cpuSeconds ?? 0);
  const verdicts: Figure[] = [
    {
      what: "onboard path of one scene, processor time",
      value: onboard.cpuSeconds,
      unit: "s",
      beside: { what: "bare decode + bare inference", value: bare },
      bar: { on: "ratio", most: bars.overhead },
    },
    {
      what: "share of the cores busy",
      value: onboard.cpuSeconds / onboard.wallSeconds / threads,
      unit: "",
      bar: { least: bars.coresBusy },
    },
  ];
  const python = find("python");
  if (python)
    verdicts.push({
      what: "onboard path of one scene",
      value: onboard.tiles / onboard.wallSeconds,
      unit: "tiles/s",
      beside: { what: "Python: rasterio + OpenCV DNN", value: onboard.tiles / python.wallSeconds },
      bar: { on: "ratio", least: bars.timesPython },
    });
  const large = find(names.large);
  const memory = (what: string, { maxRssBytes }: PartResult): Figure => ({
    what,
    value: maxRssBytes / 1e6,
    unit: "MB",
    bar: { most: bars.memoryMegabytes },
  });
  if (large) verdicts.push(memory(`peak memory, a scene of ${largeSide}²`, large));
  const scenes = find(names.scenes);
  if (scenes) {
    verdicts.push(memory("peak memory over 50 scenes", scenes), {
      what: "growth of memory after 30 of 50 scenes",
      value: 100 * growth(scenes.rssBytes ?? []),
      unit: "%",
      bar: { most: 100 * bars.memoryGrowth },
    });
  }
  return verdicts;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      memory: { type: "boolean", default: false },
      rounds: { type: "string", default: "3" },
      model: { type: "string", default: "ships-s2" },
      python: { type: "string" },
      part: { type: "string" },
    },
  });
  if (values.part !== undefined) {
    console.log(JSON.stringify(await runPart(JSON.parse(values.part) as PartRequest)));
    return;
  }
  const { memory, model } = values;
  const measured = await measure({
    model,
    memory,
    rounds: Number(values.rounds),
    python: findPython(values.python),
  });
  const verdicts = verdictsOf(measured);
  if (values.json) {
    console.log(JSON.stringify({ bench: "onboard", ...measured, verdicts }, null, 2));
    return;
  }
  const table = new Table({
    head: ["part", "tiles", "wall s", "CPU s", "peak MB", "detections", "machine idle", "workers busy"],
  });
  for (const r of measured.results) {
    const memory = (r.maxRssBytes / 1e6).toFixed(0);
    table.push([
      r.name,
      r.tiles,
      r.wallSeconds.toFixed(2),
      r.cpuSeconds.toFixed(2),
      memory,
      r.detections,
      percent(r.machineIdle),
      percent(r.workersBusy),
    ]);
  }
  console.log(
    `${measured.model} over ${sceneSide}² × 4 × 16 bits, ${measured.threads} threads; median of ${values.rounds}`,
  );
  console.log(table.toString());
  if (!measured.results.some(({ name }) => name === "python"))
    console.log("no Python with rasterio and cv2: left out");
  reportFigures(verdicts);
};

await main();
