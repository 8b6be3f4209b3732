import type { CardHead } from "../card/card.ts";
import { centreHead } from "./centre-point.ts";
import { classifyHead } from "./classify.ts";
import { detrHead, settleDetr } from "./detr.ts";
import type { Evidence } from "./evidence.ts";
import type { Head } from "./head.ts";
import { segmentHead } from "./segmentation.ts";
import { settleSuppressed, suppressedHead } from "./suppressed.ts";
import { settleYolo, yoloHead } from "./yolo.ts";
import { yoloObbHead } from "./yolo-obb.ts";
import { yoloxHead } from "./yolox.ts";

type Kind = CardHead["kind"];
type Of<K extends Kind> = CardHead & { kind: K };

/** What a head has to bring. */
interface HeadKind<K extends Kind> {
  open(head: Of<K>): Head;
  /** What the card leaves open, told by a trial; absent where a card leaves nothing open. Throws `SwathError("model")`. */
  settle?(head: Of<K>, evidence: Evidence): Of<K>;
}

/** A new head is one file here, one line below, and its fields in the card's schema. */
const heads: { readonly [K in Kind]: HeadKind<K> } = {
  centre: { open: centreHead },
  classify: { open: classifyHead },
  detr: { open: detrHead, settle: settleDetr },
  segment: { open: segmentHead },
  suppressed: { open: suppressedHead, settle: settleSuppressed },
  yolo: { open: yoloHead, settle: settleYolo },
  "yolo-obb": { open: yoloObbHead },
  yolox: { open: yoloxHead },
};

export const headKinds = Object.keys(heads) as readonly Kind[];

const kindOf = <K extends Kind>(head: Of<K>): HeadKind<K> => heads[head.kind as K] as HeadKind<K>;

/** The head that a card asks for. */
export const headOf = (head: CardHead): Head => kindOf(head).open(head);

/**
 * A card's head after a trial tile: what it leaves open is told, and the tile has been read once, so that shapes, values and names
 * of outputs fit. Throws `SwathError("model")` where they do not, or do not tell.
 */
export const settleHead = (head: CardHead, evidence: Evidence): CardHead => {
  const kind = kindOf(head);
  const settled = kind.settle?.(head, evidence) ?? head;
  const { inputPx, outputs, classCount } = evidence;
  headOf(settled).decode(outputs, {
    scoreThreshold: 0.5,
    maxDetections: 100,
    classCount: classCount ?? 0,
    inputPx,
    tilePx: { x: 0, y: 0, ...inputPx },
    isStrict: true,
  });
  return settled;
};
