import { extname } from "node:path";
import type { LabelDocument } from "./label-document.ts";

/** A label format that is known by what its files hold, and is not read. */
interface ForeignFormat {
  readonly extension: ".json" | ".xml" | ".txt" | ".csv";
  readonly recognises: (start: string) => boolean;
  /** Its name and what to do. */
  readonly advice: string;
}

const has =
  (...patterns: readonly RegExp[]) =>
  (start: string): boolean =>
    patterns.every((pattern) => pattern.test(start));

/** `Car 0.00 0 -1.57 10.0 12.0 30.0 28.0 1.5 1.6 3.9 -1.0 1.5 20.0 -1.5`: a class and 14 or 15 numbers. */
const kittiRow = /^[A-Za-z_]\w*(?:[ \t]+-?\d+(?:\.\d+)?(?:e[-+]?\d+)?){14,15}[ \t]*\r?$/im;
/** `1,-1,794,247,71,174,-1,-1,-1,-1`: frame, track, box and more. */
const motRow = /^\d+,-?\d+(?:,-?\d+(?:\.\d+)?){5,8}\r?$/m;

const formats: readonly ForeignFormat[] = [
  {
    extension: ".json",
    recognises: has(/"shapes"\s*:/, /"imagePath"\s*:|"shape_type"\s*:/),
    advice: "LabelMe files are not read: export COCO with labelme2coco",
  },
  {
    extension: ".json",
    recognises: has(/"_via_img_metadata"|"region_attributes"\s*:/),
    advice: "VIA projects are not read: export COCO from VIA",
  },
  {
    extension: ".json",
    recognises: has(/"classTitle"\s*:/, /"exterior"\s*:|"bitmap"\s*:/),
    advice: "Supervisely annotations are not read: export COCO from Supervisely",
  },
  {
    extension: ".json",
    recognises: has(/^\s*\[/, /"annotations"\s*:/, /"coordinates"\s*:\s*\{/),
    advice: "CreateML annotations are not read: export COCO",
  },
  {
    extension: ".json",
    recognises: has(/"box2d"\s*:/),
    advice: "BDD100K labels are not read: convert them with bdd2coco",
  },
  {
    extension: ".json",
    recognises: has(/"rectanglelabels"\s*:|"polygonlabels"\s*:/),
    advice: "Label Studio tasks are not read: export COCO from Label Studio",
  },
  {
    extension: ".json",
    recognises: has(/"data_row"\s*:/),
    advice: "Labelbox exports are not read: export COCO",
  },
  {
    extension: ".json",
    recognises: has(/^\s*\[\s*\{/, /"image_id"\s*:/, /"bbox"\s*:|"segmentation"\s*:/),
    advice: "COCO results say what a model found and name no images: give the COCO file of the labels",
  },
  {
    extension: ".xml",
    recognises: has(/<annotations[\s>]/, /<image\s|<track\s/),
    advice: "CVAT files are not read: export COCO or YOLO from CVAT",
  },
  {
    extension: ".xml",
    recognises: has(/<HRSC_Image[\s>]/),
    advice: "HRSC2016 files are not read: convert them to DOTA",
  },
  {
    extension: ".txt",
    recognises: has(kittiRow),
    advice: "KITTI labels are not read: convert them to COCO or YOLO",
  },
  {
    extension: ".txt",
    recognises: has(motRow),
    advice: "MOT Challenge tracks are not read: convert them to COCO or YOLO",
  },
  {
    extension: ".csv",
    recognises: has(/region_shape_attributes/),
    advice: "VIA tables are not read: export COCO from VIA",
  },
  {
    extension: ".csv",
    recognises: has(/EncodedPixels/i),
    advice: "run-length masks in tables are not read: convert them to COCO",
  },
  {
    extension: ".csv",
    recognises: has(
      /^\uFEFF?[^\n]*(?:^|[,;\t"])(?:x|y)(?:[,;\t"]|\r?$)[^\n]*(?:[,;\t"])(?:w|h|width|height)(?:[,;\t"]|\r?$)/im,
    ),
    advice:
      "its columns do not say whether x and y are a corner or the middle: name them xmin, ymin, xmax, ymax",
  },
];

/** Enough for the first object of any of them. */
const startLength = 100_000;

/** What a text is that no format reads, as a sentence's end; `null` where it is none that is known. */
export const foreignText = ({ path, text }: LabelDocument): string | null => {
  const given = extname(path).toLowerCase();
  const extension = given === ".tsv" ? ".csv" : given;
  const start = text.slice(0, startLength);
  return formats.find((format) => format.extension === extension && format.recognises(start))?.advice ?? null;
};
