import { type CheckResult, sizeName } from "../../check/check-result.ts";
import type { CsvCell, CsvTable } from "../drawing/csv.ts";

const counted = ["labels", "ap50", "ap50_low", "ap50_high", "found", "missed", "false_alarms"];

interface Counted {
  readonly labels: number;
  readonly ap50: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
}

const cells = ({ labels, ap50, interval, found, missed, falseAlarms }: Counted): readonly CsvCell[] => [
  labels,
  ap50,
  interval?.low ?? null,
  interval?.high ?? null,
  found,
  missed,
  falseAlarms,
];

/** The tables of a check's page: scenes, sizes, the curve, and every miss and false alarm. */
export const checkCsv = ({
  scenes,
  bySize,
  quality,
  misses,
  falseAlarms,
}: CheckResult): readonly CsvTable[] => [
  {
    file: "scenes.csv",
    heads: ["scene", "training", ...counted],
    rows: scenes.map((one) => [one.id, one.training, ...cells(one)]),
  },
  {
    file: "sizes.csv",
    heads: ["long_side", ...counted],
    rows: bySize.map((one) => [sizeName(one), ...cells(one)]),
  },
  {
    file: "curve.csv",
    heads: ["score", "precision", "recall"],
    rows: quality.prPoints.map(({ score, precision, recall }) => [score, precision, recall]),
  },
  {
    file: "errors.csv",
    heads: ["kind", "scene", "class", "x0_px", "y0_px", "x1_px", "y1_px", "score"],
    rows: [
      ...misses.map((one) => ({ kind: "miss", ...one })),
      ...falseAlarms.map((one) => ({ kind: one.excused ? "false alarm, excused" : "false alarm", ...one })),
    ].map(({ kind, scene, className, boxPx: { x0, y0, x1, y1 }, score }) => [
      kind,
      scene,
      className,
      x0,
      y0,
      x1,
      y1,
      score,
    ]),
  },
];
