import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { figuresFile, isHeld, ratioOf, shownBar, shownNumber, type Figure } from "./figures.ts";

/**
 * Every figure of the README in one table: what it is, what stands beside it, its bar, held or not. Each bench runs in a process of its own, one
 * after the other.
 *
 *     npm run bench [-- --only decode,link] [-- --without console] [-- --markdown]
 */
const benches: readonly (readonly [name: string, ...options: string[]])[] = [
  ["decode"],
  ["jp2", "--rounds", "1"],
  ["http"],
  ["models"],
  ["onboard", "--memory"],
  ["product"],
  ["merge"],
  ["screen"],
  ["link"],
  ["security"],
  ["decoders"],
  ["contacts"],
  ["looks"],
  ["mesh"],
  ["simulate"],
  ["mission"],
  ["ledger"],
  ["archive"],
  ["gateway"],
  ["console"],
];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    without: { type: "string", default: "" },
    markdown: { type: "boolean", default: false },
  },
});

/** What became of one bench. */
interface Ran {
  readonly bench: string;
  readonly figures: readonly Figure[];
  readonly seconds: number;
  /** Why it gave none, or not all: its last line. */
  readonly failure: string | null;
}

const folder = mkdtempSync(join(tmpdir(), "swath-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.slice(0, 200) ?? "";

const run = async (bench: string, options: readonly string[]): Promise<Ran> => {
  const [figures, log] = [join(folder, `${bench}.ndjson`), join(folder, `${bench}.log`)];
  const out = openSync(log, "w");
  const began = performance.now();
  const file = fileURLToPath(new URL(`${bench}.js`, import.meta.url));
  const child = spawn(process.execPath, [file, ...options], {
    env: { ...process.env, [figuresFile]: figures },
    stdio: ["ignore", out, out],
  });
  const stop = (): void => void child.kill("SIGINT");
  process.once("SIGINT", stop);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  process.removeListener("SIGINT", stop);
  closeSync(out);
  const found = existsSync(figures)
    ? readFileSync(figures, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Figure)
    : [];
  // A missed bar ends a bench with 1 as well.
  const isSound = code === 0 || (code === 1 && found.some((figure) => isHeld(figure) === false));
  return {
    bench,
    figures: found,
    seconds: (performance.now() - began) / 1000,
    failure: isSound && found.length > 0 ? null : lastLine(readFileSync(log, "utf8")),
  };
};

const cells = (bench: string, figure: Figure): string[] => {
  const { what, value, unit, beside, bar } = figure;
  const ratio = ratioOf(figure);
  const held = isHeld(figure);
  return [
    bench,
    what,
    `${shownNumber(value)} ${unit}`,
    beside === undefined ? "" : `${beside.what}: ${shownNumber(beside.value)} ${unit}`,
    ratio === null ? "" : `${shownNumber(ratio)} ×`,
    bar === undefined ? "" : shownBar(bar, unit),
    held === null ? "" : held ? "held" : "MISSED",
  ];
};

const head = ["bench", "figure", "value", "beside it", "ratio", "bar", ""];

const print = (ran: readonly Ran[]): void => {
  const rows = ran.flatMap(({ bench, figures }) => figures.map((figure) => cells(bench, figure)));
  if (values.markdown) {
    for (const row of [head, head.map(() => "---"), ...rows]) console.log(`| ${row.join(" | ")} |`);
  } else {
    const table = new Table({ head, colWidths: [10, 46, 16, 34, 9, 14, 8], wordWrap: true });
    table.push(...rows);
    console.log(table.toString());
  }
  for (const { bench, failure } of ran)
    if (failure !== null) console.log(`${bench}: not (wholly) measured: ${failure}`);
  const verdicts = ran.flatMap(({ figures }) => figures.map(isHeld));
  const [held, missed] = [true, false].map((one) => verdicts.filter((verdict) => verdict === one).length);
  console.log(
    `${verdicts.length} figures, ${held} bars held, ${missed} missed; ${cpus().length} × ${cpus()[0]?.model ?? "processor"}, ` +
      `Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the end`,
  );
  if ((missed ?? 0) > 0 || ran.some(({ failure }) => failure !== null)) process.exitCode = 1;
};

const known = benches.map(([name]) => name);
const named = (list: string): readonly string[] => {
  const names = list.split(",").filter(Boolean);
  const odd = names.find((name) => !known.includes(name));
  if (odd === undefined) return names;
  console.error(`bench ${odd}: wanted one of ${known.join(", ")}`);
  process.exit(2);
};
const without = named(values.without);
const wanted = values.only === undefined ? known : named(values.only);
const ran: Ran[] = [];
for (const [name, ...options] of benches) {
  if (!wanted.includes(name) || without.includes(name)) continue;
  process.stderr.write(`${name} …`);
  const one = await run(name, options);
  process.stderr.write(` ${one.seconds.toFixed(0)} s\n`);
  ran.push(one);
}
print(ran);
