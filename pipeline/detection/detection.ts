import type { BoxPx } from "./box.ts";
import type { OutlinePx } from "./outline.ts";

/** What a model saw. Boxes are in pixels of the tile or the scene that the surrounding name says. */
export interface Detection {
  /** Index into the model card's `classes`. */
  readonly classId: number;
  /** 0…1 as the head gives it. */
  readonly score: number;
  readonly boxPx: BoxPx;
  /** Of models that see shapes or turned boxes, in the pixels of the box. */
  readonly outlinePx?: OutlinePx;
}

/** What a person drew. */
export interface Label {
  readonly className: string;
  readonly boxPx: BoxPx;
  /** Neither a hit nor a miss when found: crowds, doubtful objects. */
  readonly ignore?: boolean;
}
