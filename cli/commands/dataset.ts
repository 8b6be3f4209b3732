import { writeFile } from "node:fs/promises";
import Table from "cli-table3";
import { Command } from "commander";
import {
  type Catalogue,
  catalogue,
  type DatasetOptions,
  importDataset,
} from "../../studies/inputs/datasets.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { printable } from "../../pipeline/printable.ts";
import { formatInstant } from "../../pipeline/units.ts";
import { labelPage } from "../../studies/dataset-page.ts";
import { labelRows } from "../../studies/label-rows.ts";
import { formatBytes, formatCount, formatCountOf } from "../../pipeline/format.ts";
import { parseWhole } from "../../pipeline/quantity.ts";
import { interruptible } from "../interrupt.ts";
import {
  addCatalogueOptions,
  addReachOptions,
  catalogueOptions,
  type CatalogueFlags,
  list,
  type ReachFlags,
  reachOf,
} from "../options/dataset-options.ts";

interface DatasetFlags extends CatalogueFlags, ReachFlags {
  readonly collections?: string;
  readonly bbox?: string;
  readonly datetime?: string;
  readonly max?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

interface InfoFlags extends DatasetFlags {
  readonly html?: string;
}

interface ImportFlags extends DatasetFlags {
  readonly out: string;
  readonly copy?: boolean;
}

const searchOf = ({ collections, bbox, datetime }: DatasetFlags): Pick<DatasetOptions, "search"> =>
  collections === undefined && bbox === undefined && datetime === undefined
    ? {}
    : {
        search: {
          ...(collections === undefined ? {} : { collections: list(collections) }),
          ...(bbox === undefined ? {} : { bbox }),
          ...(datetime === undefined ? {} : { datetime }),
        },
      };

const optionsOf = (flags: DatasetFlags, signal: AbortSignal): DatasetOptions => ({
  strict: flags.strict ?? false,
  ...catalogueOptions(flags),
  ...searchOf(flags),
  ...(flags.max === undefined ? {} : { maxItems: parseWhole("--max", flags.max, 1, 10_000) }),
  reach: reachOf(flags, signal),
});

const withDatasetFlags = (command: Command): Command =>
  addReachOptions(addCatalogueOptions(command))
    .option("--collections <ids>", "of a search: collections to look in, comma-separated")
    .option("--bbox <box>", "of a search: west,south,east,north in degrees")
    .option("--datetime <interval>", "of a search: 2023-06-01/2023-06-30, a day, or a time")
    .option("--max <n>", "items taken at most (default: 20 of a search, 1000 of a collection)")
    .option("--strict", "stop at the first scene or label that is not right")
    .option("--json", "print JSON instead of a table");

/** The catalogue as `--json` prints it. */
const record = ({ name, entries, skipped, notes, labelTally, fetched }: Catalogue): unknown => ({
  name,
  scenes: entries.map(({ scene, labels, assets }) => ({
    id: scene.id,
    width_px: scene.width,
    height_px: scene.height,
    bands: scene.bands,
    crs: scene.georeference?.crs ?? null,
    acquired_at: scene.acquiredAt === null ? null : formatInstant(scene.acquiredAt),
    platform: scene.platform,
    labels: labels?.length ?? null,
    files: assets.map(({ path }) => path),
  })),
  labels: labelTally
    ? {
        sources: labelTally.sources,
        read: labelTally.read,
        matched: labelTally.matched,
        outside: labelTally.outside,
        left_out: labelTally.leftOut,
      }
    : null,
  skipped: skipped.map(({ scene, error }) => ({ scene, reason: error.message })),
  notes,
  ...(fetched === undefined || fetched.requests === 0 ? {} : { fetched }),
});

const unitText = ({ scene }: Catalogue["entries"][number]): string => {
  const [first] = scene.bands;
  if (!first) return "";
  const worth = first.scale < 1e-3 ? `1/${Math.round(1 / first.scale)}` : `${first.scale}`;
  return first.unit === "dn" ? `${first.sampleType} counts` : `${first.sampleType} × ${worth} ${first.unit}`;
};

const table = ({ entries }: Catalogue): string => {
  const rows = new Table({
    head: ["scene", "pixels", "bands", "samples", "acquired", "place", "labels"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "left", "left", "left", "left", "right"],
  });
  for (const entry of entries) {
    const { scene, labels } = entry;
    const ignored = labels?.filter(({ ignore }) => ignore).length ?? 0;
    rows.push([
      scene.id,
      `${scene.width} × ${scene.height}`,
      printable(scene.bands.map(({ name }) => name).join(" ")),
      unitText(entry),
      scene.acquiredAt === null ? "–" : formatInstant(scene.acquiredAt).slice(0, 16).replace("T", " "),
      scene.georeference ? (scene.georeference.crs ?? "no EPSG code") : "–",
      labels === null ? "–" : `${labels.length}${ignored ? ` (${ignored} ignored)` : ""}`,
    ]);
  }
  return rows.toString();
};

const fetchedText = ({ fetched }: Catalogue): readonly string[] =>
  fetched === undefined || fetched.requests === 0
    ? []
    : [
        `fetched ${formatBytes(fetched.bytes)} in ${formatCountOf(fetched.requests, "request")}${fetched.retries > 0 ? `, ${formatCount(fetched.retries)} of them again` : ""}`,
      ];

const summary = (found: Catalogue): string => {
  const { entries, skipped } = found;
  const labelled = entries.filter(({ labels }) => labels !== null);
  const labels = labelled.reduce((sum, entry) => sum + (entry.labels?.length ?? 0), 0);
  return [
    formatCountOf(entries.length, "scene"),
    labelled.length === 0
      ? "no labels"
      : `${formatCountOf(labels, "label")} in ${formatCountOf(labelled.length, "scene")}`,
    ...(skipped.length > 0 ? [`${skipped.length} left out`] : []),
    ...fetchedText(found),
  ].join(", ");
};

/** What became of the labels, as a table; nothing where there is no label file. */
const labelTable = (found: Catalogue): string => {
  const rows = new Table({
    head: ["labels", "count", ""],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "left"],
  });
  for (const { what, count, detail } of labelRows(found))
    rows.push([printable(what), count.toLocaleString("en-GB"), printable(detail)]);
  return rows.length === 0 ? "" : `${rows.toString()}\n`;
};

/** What is left out, a line each, up to a limit: a folder may hold 100,000 files that are no images. */
const mostLeftOut = 20;

/** What was assumed and what was left out goes to stderr, so that `--json` stays JSON. */
const reportDoubts = ({ notes, skipped }: Catalogue): void => {
  for (const note of notes) process.stderr.write(`note: ${printable(note)}\n`);
  for (const { error } of skipped.slice(0, mostLeftOut))
    process.stderr.write(`left out: ${printable(error.message)}\n`);
  const more = skipped.length - mostLeftOut;
  if (more > 0) process.stderr.write(`left out: ${formatCount(more)} more; --json lists them all\n`);
};

const print = (found: Catalogue, json: boolean): void => {
  reportDoubts(found);
  const text = json
    ? JSON.stringify(record(found), null, 2)
    : `${table(found)}\n${labelTable(found)}${summary(found)}`;
  process.stdout.write(`${text}\n`);
};

const info = (): Command =>
  withDatasetFlags(new Command("info"))
    .description(
      "List the scenes of a dataset: a folder, a STAC file, an image, an address or builtin:harbour",
    )
    .argument(
      "<dataset>",
      "folder, STAC collection / item / search response, image (each also at an http, https or s3 address), stac+https://… search, or builtin:harbour?seed=7&scenes=6",
    )
    .option("--html <file>", "write a page with labels drawn on their scenes")
    .addHelpText(
      "after",
      "\nExamples:\n  $ swath dataset info builtin:harbour\n  $ swath dataset info ships/ --html labels.html\n  $ swath dataset info https://example.com/item.json",
    )
    .action((reference: string, flags: InfoFlags) =>
      interruptible(async (signal) => {
        const found = await catalogue(reference, optionsOf(flags, signal));
        print(found, flags.json ?? false);
        if (flags.html === undefined) return;
        const page = await labelPage(found);
        await writeFile(flags.html, page).catch((cause: unknown) => {
          throw new SwathError("storage", {
            what: `cannot write ${flags.html}`,
            got: messageOf(cause),
            cause,
          });
        });
        if (!flags.json) process.stdout.write(`page ${flags.html}\n`);
      }),
    );

const importCommand = (): Command =>
  withDatasetFlags(new Command("import"))
    .description(
      "Make a STAC collection from a folder of images and its labels, or from a search of a STAC API",
    )
    .argument("<dataset>", "folder of images, stac+https://… search, or anything else that `info` reads")
    .requiredOption("--out <folder>", "the collection to write; one already there is replaced")
    .option("--copy", "copy or download the images instead of pointing at them")
    .addHelpText(
      "after",
      `
Examples:
  $ swath dataset import sen2ships/ --labels coco_annotations.json --out ships/
  $ swath dataset import "stac+https://example.com/v1/search" --collections sentinel-2-l2a --bbox 8.6,44.2,9.2,44.6 --datetime 2023-06-01/2023-06-30 --max 20 --out genoa/`,
    )
    .action((reference: string, flags: ImportFlags) =>
      interruptible(async (signal) => {
        const options = {
          ...optionsOf(flags, signal),
          out: flags.out,
          copy: flags.copy ?? false,
        };
        const found = await importDataset(reference, options);
        print(found, flags.json ?? false);
        if (!flags.json) process.stdout.write(`wrote ${flags.out}\n`);
      }),
    );

/** `swath dataset info` and `swath dataset import`. */
export const datasetCommand = (): Command =>
  new Command("dataset")
    .description("Look at imagery and labels, and import them")
    .addCommand(info())
    .addCommand(importCommand());
