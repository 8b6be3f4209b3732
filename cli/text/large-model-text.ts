import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
  formatNumber,
  formatSi,
} from "../../pipeline/format.ts";
import {
  eightBillion,
  type Generation,
  type LargeModelRow,
  largeModelRows,
  type SourcedFigure,
  type UploadStudy,
  uploadStudy,
} from "../../studies/large-models.ts";
import { plain } from "./table.ts";

/** A table with what is said before and after it; a page and a terminal draw it each in its way. */
interface Part {
  readonly title: string;
  readonly before: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly after: readonly string[];
}

/** What large models come to: tokens a second on board, and passes to send them up. */
export interface LargeModels {
  readonly rows: readonly LargeModelRow[];
  readonly uploads: readonly UploadStudy[];
}

/** Reckons all of it, in seconds: contacts are planned over weeks. */
export const reckonLargeModels = async (): Promise<LargeModels> => ({
  rows: largeModelRows(),
  uploads: [await uploadStudy("three-body", "ksat"), await uploadStudy("bupt-1", "ksat")],
});

const figure = ({ value, kind }: SourcedFigure, unit: string): string =>
  `${formatSi(value, unit)}${kind === "assumed" ? " (assumed)" : ""}`;

const rateText = (rate: Generation): string =>
  rate.refusal === null
    ? `${formatNumber(Number(rate.tokensPerSecond.toPrecision(3)))}/s${rate.boundBy === "operations" ? " (operations)" : ""}`
    : "does not fit";

/** The answer to a question: this number of tokens, one after the other on one copy of the model. */
const answer = 200;

const alone = ({ rates, chips }: LargeModelRow): string => {
  const rate = rates[1];
  if (rate === undefined || rate.refusal !== null) return "–";
  return formatDuration((answer * chips) / rate.tokensPerSecond);
};

const joules = (rate: Generation | undefined): string =>
  rate === undefined || rate.refusal !== null ? "–" : formatJoules(rate.joulesPerToken);

const onBoard = ({ rows }: LargeModels): Part => ({
  title: "Eight billion parameters on board",
  before: [
    `Qwen3-8B: ${formatCount(eightBillion.parameters)} parameters (config.json of Qwen/Qwen3-8B), so weights of ${eightBillion.weights
      .map(({ name, bytes }) => `${formatBytes(bytes)} in ${name}`)
      .join(", ")} (4.5 bit a parameter with its scales).`,
    "A token reads all weights once: tokens/s ≤ bandwidth ÷ bytes of weights, and ≤ operations/s ÷ operations a token (2 a parameter). Written one at a time, of all chips together.",
  ],
  head: [
    "spacecraft",
    "computer",
    "memory of one",
    "bandwidth of one",
    ...eightBillion.weights.map(({ name }) => name),
    `${answer} tokens, 8 bit, one chip`,
    "energy a token, 8 bit",
  ],
  rows: rows.map((row) => [
    row.spacecraft,
    row.chips === 1 ? row.computer : `${row.computer} (${formatCountOf(row.chips, "chip")})`,
    figure(row.memory, "B"),
    figure(row.bandwidth, "B/s"),
    ...row.rates.map(rateText),
    alone(row),
    joules(row.rates[1]),
  ]),
  after: [
    "These are bounds. Decoders that were measured reach 0.75 … 0.85 of them with weights of 3 GB and more (NVIDIA TensorRT-Edge-LLM 0.4.0, Llama 3.1 8B on AGX Thor: 0.75; Embedl Edge-Inference-Benchmarks, Llama 3.2 3B on AGX Orin: 0.80); no figure of Qwen3-8B on these computers was found.",
    "Energy: the computer at full power, over the bound. What power, heat and the duty allow for hours: swath simulate examples/declared-8b.yaml --constellation NAME.",
    ...rows.flatMap(({ spacecraft, memory, bandwidth, rates }) => [
      `${spacecraft}: memory ${memory.kind}: ${memory.source}; bandwidth ${bandwidth.kind}: ${bandwidth.source}.`,
      ...[...new Set(rates.flatMap(({ refusal }) => refusal ?? []))].map(
        (refusal) => `${spacecraft}: ${refusal}.`,
      ),
    ]),
  ],
});

const passes = ({ passes: count, after }: UploadStudy["costs"][number]["last"]): string =>
  `${formatCount(count)} in ${formatDuration(after)}`;

const upload = ({ constellation, satellites, stations, uplink, costs }: UploadStudy): Part => ({
  title: `Up to ${constellation}, over ${stations}`,
  before: [
    `${satellites === 1 ? "One satellite" : `${formatCount(satellites)} satellites, each sent its own copy`}, at ${formatSi(uplink.value, "bit/s")} (${uplink.kind}: ${uplink.source}), in all contacts from 1 January 2026 on, from lock to loss of signal.`,
  ],
  head: [
    "model",
    "weights",
    "on the uplink",
    "contact time",
    ...(satellites === 1
      ? ["passes"]
      : ["passes of the median satellite", "passes until the last satellite has it"]),
  ],
  rows: costs.map(({ what, weights, onUplink, contactTime, median, last }) => [
    what,
    formatBytes(weights),
    formatBytes(onUplink),
    formatDuration(contactTime),
    ...(satellites === 1 ? [passes(last)] : [passes(median), passes(last)]),
  ]),
  after: [
    "On the uplink: telecommand frames as CLTUs, 8 bytes for every 7 (CCSDS 231.0-B, 232.0-B); nothing is sent twice, and nobody else uses it.",
  ],
});

const partsOf = (models: LargeModels): readonly Part[] => [onBoard(models), ...models.uploads.map(upload)];

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`);

/** `docs/large-models.md`. */
export const largeModelPage = (models: LargeModels): string =>
  [
    "<!-- Made by `npm run docs` from the presets and a contact plan: edit studies/large-models.ts, not this page. -->",
    "",
    "# Large models",
    "",
    "What a model of eight billion parameters does on the spacecraft that are said to carry such models, or are built to, and what it costs to",
    "send models up. `swath presets large-models` prints it; the presets ([presets.md](presets.md)) say where each figure is from.",
    "",
    ...partsOf(models).flatMap(({ title, before, head, rows, after }) => [
      `## ${title}`,
      "",
      ...before.flatMap((line) => [line, ""]),
      `| ${head.join(" | ")} |`,
      `|${head.map(() => "---").join("|")}|`,
      ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`),
      "",
      ...after.map((line) => `- ${line}`),
      "",
    ]),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");

/** The same for a terminal, at most 100 columns wide: a column of the page is a line, its rows stand side by side. */
export const largeModelText = (models: LargeModels): string =>
  partsOf(models)
    .map(({ title, before, head, rows, after }) => {
      const table = new Table({
        ...plain,
        colWidths: [26, ...rows.map(() => Math.floor(74 / rows.length))],
        wordWrap: true,
      });
      for (const [n, name] of head.entries()) table.push([name, ...rows.map((row) => row[n] ?? "")]);
      return [
        title,
        ...before,
        "",
        table.toString().replace(/ +$/gm, ""),
        "",
        ...after.map((line) => `- ${line}`),
        "",
      ].join("\n");
    })
    .join("\n");

/** `node dist/cli/text/large-model-text.js [file]`: compiled it lies one folder deeper than its source. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = fileURLToPath(new URL("../../../docs/large-models.md", import.meta.url));
  writeFileSync(process.argv[2] ?? page, largeModelPage(await reckonLargeModels()));
}
