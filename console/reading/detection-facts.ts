import { rowsOf } from "../state/sorted.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";

/** What the ground knows of one detection. */
export interface DetectionFacts {
  /** Counts from 0 in its acquisition. */
  readonly index: number;
  readonly className: string;
  readonly score: number;
  /** `null` where the image does not say where it lies. */
  readonly lonLat: readonly [longitude: number, latitude: number] | null;
  /** In pixels of the scene. */
  readonly boxPx: readonly [x0: number, y0: number, x1: number, y1: number];
  /** Of the box on the ground; `null` where nobody knows how large a pixel is. */
  readonly sizeMetres: readonly [width: number, height: number] | null;
  readonly product: number;
  readonly publishedAt: number;
  readonly chip: {
    readonly xPx: number;
    readonly yPx: number;
    readonly widthPx: number;
    readonly heightPx: number;
  } | null;
}

/** Detections of an acquisition that subscribers have by `t`, best first; each with its chip, once that is down. */
export const detectionFacts = (
  { head, plan }: Prepared,
  view: PolicyView,
  acquisition: number,
  t: number,
): readonly DetectionFacts[] => {
  const { detections, chips } = view.record.tables;
  const { columns } = detections;
  const scene = plan.acquisitions.columns.scene[acquisition] ?? -1;
  const wide = plan.scenes.columns.pixel_width_m[scene] ?? NaN;
  const high = plan.scenes.columns.pixel_height_m[scene] ?? NaN;
  const chipOf = new Map(
    Array.from(rowsOf(view.chipsOf, acquisition))
      .filter((row) => (chips.columns.at_s[row] as number) <= t)
      .map((row) => [chips.columns.detection[row] as number, row]),
  );
  return Array.from(rowsOf(view.detectionsOf, acquisition))
    .filter((row) => (columns.at_s[row] as number) <= t)
    .map((row): DetectionFacts => {
      const at = (column: ArrayLike<number>): number => column[row] as number;
      const boxPx = [at(columns.x0_px), at(columns.y0_px), at(columns.x1_px), at(columns.y1_px)] as const;
      const index = at(columns.index);
      const chip = chipOf.get(index);
      const size = [(boxPx[2] - boxPx[0]) * wide, (boxPx[3] - boxPx[1]) * high] as const;
      return {
        index,
        className: head.classes[at(columns.class)] ?? "detection",
        score: at(columns.score),
        lonLat: Number.isNaN(at(columns.longitude_deg))
          ? null
          : [at(columns.longitude_deg), at(columns.latitude_deg)],
        boxPx,
        sizeMetres: size.some((value) => !(value > 0)) ? null : size,
        product: at(columns.product),
        publishedAt: at(columns.at_s),
        chip:
          chip === undefined
            ? null
            : {
                xPx: chips.columns.x_px[chip] as number,
                yPx: chips.columns.y_px[chip] as number,
                widthPx: chips.columns.width_px[chip] as number,
                heightPx: chips.columns.height_px[chip] as number,
              },
      };
    })
    .toSorted((a, b) => b.score - a.score);
};
