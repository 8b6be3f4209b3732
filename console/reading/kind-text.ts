import type { MissionHead } from "../../pipeline/mission/mission-head.ts";

/** A kind of product in the fewest words: `detections`, `chips`, `lossless tile`. By its place in the head's `kinds`. */
export const kindText = ({ kinds }: MissionHead, kind: number): string =>
  (kinds[kind]?.kind ?? "product").replace(/^tile-(.+)$/, "$1 tile");
