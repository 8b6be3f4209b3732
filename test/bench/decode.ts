/**
 * How fast windows are read, against rasterio and geotiff.js, in one run.
 *
 *     npm run bench:decode [-- --json] [-- --rounds 5] [-- --python /usr/bin/python3]
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { fromFile } from "geotiff";
import { openGeoTiff } from "../../datasets/geotiff/geotiff.ts";
import { makeScene, sceneBands, sceneSide } from "./decode-scene.ts";
import { reportFigures, type Figure } from "./figures.ts";

interface Round {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

interface Contestant {
  readonly name: string;
  readonly run: () => Round;
}

const windowSide = 512;
/** As a pipeline reads: the next windows are asked for while this one is worked on. */
const windowsInFlight = 4;
const megapixels = (sceneSide * sceneSide) / 1e6;

const windows = () => {
  const starts = Array.from({ length: Math.ceil(sceneSide / windowSide) }, (_, i) => i * windowSide);
  const extent = (at: number): number => Math.min(windowSide, sceneSide - at);
  return starts.flatMap((y) => starts.map((x) => ({ x, y, width: extent(x), height: extent(y) }))).values();
};
type Window = ReturnType<typeof windows> extends Iterable<infer W> ? W : never;

/** One row of windows first, untimed: a pipeline runs for minutes, and compiles its loops once. */
const timed = async (read: (window: Window) => Promise<unknown>): Promise<Round> => {
  for (const window of [...windows()].slice(-11)) await read(window);
  const queue = windows();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const work = async (): Promise<void> => {
    for (const window of queue) await read(window);
  };
  await Promise.all(Array.from({ length: windowsInFlight }, work));
  const { user, system } = process.cpuUsage(cpu);
  return { wallSeconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
};

const swath = async (path: string): Promise<Round> => {
  await using file = await openGeoTiff(path);
  const bands = Array.from({ length: sceneBands }, (_, band) => band);
  return await timed((window) => file.readWindow(window, bands));
};

const geotiffJs = async (path: string): Promise<Round> => {
  const file = await fromFile(path);
  const image = await file.getImage();
  const round = await timed(({ x, y, width, height }) =>
    image.readRasters({ window: [x, y, x + width, y + height] }),
  );
  await file.close();
  return round;
};

const projectRoot = (): string => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
};

/** Every round runs in a process of its own, so that no contestant pays for another's garbage. */
const roundOf = (command: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Round => {
  const env = { ...process.env, ...variables };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  return JSON.parse(stdout) as Round;
};

const rasterio = (python: string, path: string, mode: "one" | "threads" | "gdal"): Round => {
  const script = join(projectRoot(), "test", "bench", "decode-rasterio.py");
  return roundOf(python, [script, path, `${windowSide}`, mode]);
};

const readers = { swath, geotiffJs };
const ownRound = (path: string, reader: keyof typeof readers, variables?: NodeJS.ProcessEnv): Round =>
  roundOf(process.execPath, [import.meta.filename, "--reader", reader, "--file", path], variables);
const zlibAlone = "swath, zlib alone";

const findPython = (asked: string | undefined): string | null =>
  [asked, "python3", "/usr/bin/python3"].find(
    (python) => python !== undefined && spawnSync(python, ["-c", "import rasterio"]).status === 0,
  ) ?? null;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      rounds: { type: "string", default: "5" },
      python: { type: "string" },
      /** Set for the child processes. */
      reader: { type: "string" },
      file: { type: "string" },
    },
  });
  if (values.reader !== undefined && values.file !== undefined) {
    console.log(JSON.stringify(await readers[values.reader as keyof typeof readers](values.file)));
    return;
  }
  const path = await makeScene();
  const python = findPython(values.python);
  const contestants: Contestant[] = [
    { name: "swath", run: () => ownRound(path, "swath") },
    { name: zlibAlone, run: () => ownRound(path, "swath", { SWATH_INFLATE: "zlib" }) },
  ];
  if (python !== null) {
    contestants.push(
      { name: "rasterio, 1 thread", run: () => rasterio(python, path, "one") },
      { name: "rasterio, 2 Python threads", run: () => rasterio(python, path, "threads") },
      { name: "rasterio, NUM_THREADS=2", run: () => rasterio(python, path, "gdal") },
    );
  }
  contestants.push({ name: "geotiff.js", run: () => ownRound(path, "geotiffJs") });

  const rounds = contestants.map((): Round[] => []);
  // Interleaved, so that what else the machine does hits all alike.
  for (let i = 0; i < Number(values.rounds); i++) {
    for (const [c, contestant] of contestants.entries()) rounds[c]!.push(contestant.run());
  }
  const rows = contestants.map(({ name }, c) => ({
    name,
    megapixelsPerSecond: megapixels / median(rounds[c]!.map((round) => round.wallSeconds)),
    cpuSecondsPerMegapixel: median(rounds[c]!.map((round) => round.cpuSeconds)) / megapixels,
  }));
  const speed = (name: string): number | null =>
    rows.find((row) => row.name === name)?.megapixelsPerSecond ?? null;
  const ours = speed("swath")!;
  const ratio = (other: number | null): number | null => (other === null ? null : ours / other);
  const two = [speed("rasterio, 2 Python threads"), speed("rasterio, NUM_THREADS=2")].filter(
    (s) => s !== null,
  );
  const ratios = {
    rasterioOneThread: ratio(speed("rasterio, 1 thread")),
    rasterioTwoThreads: two.length === 0 ? null : ratio(Math.max(...two)),
    geotiffJs: ratio(speed("geotiff.js")),
  };
  if (values.json) {
    console.log(JSON.stringify({ rows, ratios }, null, 2));
    return;
  }
  const table = new Table({ head: ["reader", "MP/s", "CPU s/MP", "swath is"] });
  for (const { name, megapixelsPerSecond, cpuSecondsPerMegapixel } of rows) {
    const times = `${(ours / megapixelsPerSecond).toFixed(2)} ×`;
    table.push([name, megapixelsPerSecond.toFixed(1), cpuSecondsPerMegapixel.toFixed(4), times]);
  }
  console.log(
    `${sceneSide}² × ${sceneBands} × 16 bits, deflate, predictor 2, ${windowSide}² windows; median of ${values.rounds}`,
  );
  console.log(table.toString());
  if (python === null) console.log("rasterio is not installed for python3: its rows are left out");
  const beside = (what: string, value: number | null, least: number, own = "swath"): readonly Figure[] =>
    value === null
      ? []
      : [
          {
            what: `window reads of a 4 × 16-bit deflate COG${own === "swath" ? "" : ", zlib alone"}`,
            value: speed(own) ?? Number.NaN,
            unit: "MP/s",
            beside: { what, value },
            bar: { on: "ratio", least },
          },
        ];
  reportFigures([
    ...beside("rasterio, 1 thread", speed("rasterio, 1 thread"), 0.9),
    ...beside("rasterio, 2 threads, the better way", two.length === 0 ? null : Math.max(...two), 1),
    ...beside(
      "rasterio, 2 threads, the better way",
      two.length === 0 ? null : Math.max(...two),
      0.55,
      zlibAlone,
    ),
    ...beside("geotiff.js", speed("geotiff.js"), 4),
  ]);
};

await main();
