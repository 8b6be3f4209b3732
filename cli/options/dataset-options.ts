import type { Command } from "commander";
import type { DatasetOptions } from "../../studies/inputs/datasets.ts";
import { parseNumber } from "../../pipeline/quantity.ts";

/** How images and labels are to be read, where they do not say so themselves. */
export interface CatalogueFlags {
  readonly labels?: string;
  readonly classes?: string;
  readonly bands?: string;
  readonly reflectanceScale?: string;
  readonly reflectanceOffset?: string;
}

/** How imagery is reached that does not lie in one folder of this machine. */
export interface ReachFlags {
  readonly endpoint?: string;
  readonly allowOutside?: boolean;
}

/** Adds the flags that say how the files of a dataset are reached. */
export const addReachOptions = (command: Command): Command =>
  command
    .option("--endpoint <url>", "store of s3://bucket/key, e.g. https://s3.eu-central-1.amazonaws.com")
    .option("--allow-outside", "follow a collection's references out of its folder and into inner networks");

/** The values of `addReachOptions`, as a dataset takes them. */
export const reachOf = (flags: ReachFlags, signal?: AbortSignal): NonNullable<DatasetOptions["reach"]> => ({
  endpoint: flags.endpoint,
  allowOutside: flags.allowOutside ?? false,
  signal,
});

/** `a, b` as a list. */
export const list = (text: string): readonly string[] => text.split(",").map((part) => part.trim());

/** Adds the flags that say what a dataset does not say of itself: labels, classes, bands, scale. */
export const addCatalogueOptions = (command: Command): Command =>
  command
    .option(
      "--labels <path>",
      "COCO, GeoJSON or CSV file, data.yaml, or folder of YOLO, VOC, DOTA or GeoJSON files",
    )
    .option("--classes <names>", "names for the class numbers of YOLO files, comma-separated")
    .option("--bands <names>", "names for the bands of multi-band files, e.g. B02,B03,B04,B08")
    .option("--reflectance-scale <number>", "reflectance of one count, e.g. 1/65535 or 0.0001")
    .option("--reflectance-offset <number>", "reflectance of a count of 0, e.g. -0.1");

/** The values of `addCatalogueOptions`, as a dataset takes them; what was not given stays absent. */
export const catalogueOptions = (flags: CatalogueFlags): DatasetOptions => ({
  ...(flags.labels === undefined ? {} : { labels: flags.labels }),
  ...(flags.classes === undefined ? {} : { classNames: list(flags.classes) }),
  ...(flags.bands === undefined ? {} : { bandNames: list(flags.bands) }),
  ...(flags.reflectanceScale === undefined
    ? {}
    : { reflectanceScale: parseNumber("--reflectance-scale", flags.reflectanceScale, 1e-9, 1) }),
  ...(flags.reflectanceOffset === undefined
    ? {}
    : { reflectanceOffset: parseNumber("--reflectance-offset", flags.reflectanceOffset, -10, 10) }),
});
