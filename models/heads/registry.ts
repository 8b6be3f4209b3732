import { centre } from "./centre-point.ts";
import { classify } from "./classify.ts";
import { detr } from "./detr.ts";
import { segment } from "./segmentation.ts";
import { suppressed } from "./suppressed.ts";
import { yolo } from "./yolo.ts";
import { yoloObb } from "./yolo-obb.ts";
import { yolox } from "./yolox.ts";

/** Every way to read what a network puts out. A new head is one file here and one line below. */
export const heads = [centre, classify, detr, segment, suppressed, yolo, yoloObb, yolox] as const;
