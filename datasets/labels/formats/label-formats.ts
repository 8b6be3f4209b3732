import { coco } from "./coco-labels.ts";
import { dota } from "./dota-labels.ts";
import { geojson } from "./geojson-labels.ts";
import type { LabelDocument } from "../label-document.ts";
import type { LabelFormat } from "./label-format.ts";
import { table } from "./table-labels.ts";
import { voc } from "./voc-labels.ts";
import { yolo } from "./yolo-labels.ts";

/** Every format that is read. Where a folder holds several, the first one is taken. */
export const labelFormats: readonly LabelFormat[] = [coco, table, geojson, voc, dota, yolo];

/** The format of a document; `null` when none recognises it. */
export const formatOf = (document: LabelDocument, extension: string): LabelFormat | null =>
  labelFormats.find((format) => format.extensions.includes(extension) && format.recognises(document)) ?? null;

/** All endings that label files have. */
export const labelExtensions: ReadonlySet<string> = new Set(
  labelFormats.flatMap(({ extensions }) => extensions),
);
