import { z } from "zod";
import type { Evidence } from "./evidence.ts";
import type { Head } from "./head.ts";
import { heads } from "./registry.ts";

type Card = (typeof heads)[number]["card"];

/** A head as a card states it. */
export type CardHead = z.output<Card>;

/** What a head brings, whichever it is. */
interface AnyHead {
  /** Its fields in a card, `kind` among them. */
  readonly card: Card;
  open(head: CardHead): Head;
  /** What the card leaves open, told by a trial; absent where a card leaves nothing open. Throws `SwathError("model")`. */
  settle?(head: CardHead, evidence: Evidence): CardHead;
}

const known = heads as readonly unknown[] as readonly AnyHead[];

/** How outputs are read, as cards have it. */
export const headSchema = z.discriminatedUnion("kind", known.map(({ card }) => card) as [Card, ...Card[]]);

const nameOf = ({ card }: AnyHead): string => card.shape.kind.value;

/** The names that cards have for heads. */
export const headKinds: readonly string[] = known.map(nameOf);

const kindOf = ({ kind }: CardHead): AnyHead => {
  const head = known.find((one) => nameOf(one) === kind);
  // A card that has been parsed names no other.
  if (head === undefined) throw new RangeError(`no head "${kind}"`);
  return head;
};

/** The head that a card asks for. */
export const headOf = (head: CardHead): Head => kindOf(head).open(head);

/**
 * A card's head after a trial tile: what it leaves open is told, and the tile has been read once, so that shapes, values and names
 * of outputs fit. Throws `SwathError("model")` where they do not, or do not tell.
 */
export const settleHead = (head: CardHead, evidence: Evidence): CardHead => {
  const settled = kindOf(head).settle?.(head, evidence) ?? head;
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
