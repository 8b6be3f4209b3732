import type { CardHead } from "../card/card.ts";
import { centreHead } from "./centre-point.ts";
import { classifyHead } from "./classify.ts";
import type { Head } from "./head.ts";
import { segmentHead } from "./segmentation.ts";
import { yoloHead } from "./yolo.ts";
import { yoloObbHead } from "./yolo-obb.ts";
import { yoloxHead } from "./yolox.ts";

/** The head that a card asks for. A new kind is one file here and one entry in the card's schema. */
export const headOf = (head: CardHead): Head => {
  switch (head.kind) {
    case "centre":
      return centreHead(head);
    case "yolo":
      return yoloHead(head);
    case "yolo-obb":
      return yoloObbHead(head);
    case "yolox":
      return yoloxHead(head);
    case "classify":
      return classifyHead(head);
    case "segment":
      return segmentHead(head);
  }
};
