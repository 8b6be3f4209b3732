import { formatCount } from "../../pipeline/format.ts";
import type { Sameness } from "../quality/difference.ts";

/** What tilings are measured against. */
export interface TilingReference {
  /** `whole`: scenes as one tile, or blocks of them; `overlap`: the widest overlap that the network's own size allows. */
  readonly kind: "whole" | "overlap";
  /** Scenes larger than this are compared block by block, so that no more has to be held and looked at at once. */
  readonly blockPx: number;
  readonly sizePx: number;
  readonly overlapPx: number;
}

const differs = ({ lost, added, moved }: TilingRow): number => lost + added + moved;

/** What tilings are measured against, in words. */
export const referenceText = ({ reference: { kind, blockPx, sizePx, overlapPx } }: TilingTable): string =>
  kind === "whole"
    ? `the whole scene in one piece (larger ones in blocks of ${formatCount(blockPx)} px)`
    : `the ${sizePx} px that the network fixes, with ${overlapPx} px overlap`;

/** What the table says, in a sentence: of the smallest overlap of the size in use that changes nothing. */
export const tilingVerdict = ({ rows, detections }: TilingTable): string => {
  const chosen = rows.find(({ isChosen }) => isChosen);
  const { sizePx } = chosen ?? rows[0] ?? { sizePx: 0 };
  const ofSize = rows.filter((row) => row.sizePx === sizePx);
  // From the widest down as long as nothing differs: a lucky row among others proves nothing.
  const free = ofSize.slice(ofSize.findLastIndex((row) => differs(row) > 0) + 1);
  const smallest =
    free[0] === undefined
      ? "every overlap changes something"
      : `an overlap of ${free[0].overlapPx} px changes nothing`;
  const inUse =
    chosen === undefined
      ? ""
      : `; the ${chosen.overlapPx} px in use change ${differs(chosen)} of ${formatCount(detections)}`;
  return `at ${sizePx} px tiles ${smallest}${inUse}`;
};

/** What one way of cutting scenes into tiles comes to. */
export interface TilingRow {
  readonly sizePx: number;
  readonly overlapPx: number;
  /** Whether it is what the model was opened with. */
  readonly isChosen: boolean;
  readonly lost: number;
  readonly added: number;
  readonly moved: number;
  readonly ap50: number | null;
  /** Pixels through the model for each pixel of a large scene: (size / (size − overlap))². */
  readonly compute: number;
  /** The same on these scenes, where tiles end with the scene. */
  readonly computeHere: number;
}

/** `swath model check --tiling`: what tiles change. */
export interface TilingTable {
  readonly reference: TilingReference;
  /** What the reference reports at the threshold. */
  readonly detections: number;
  readonly ap50: number | null;
  /** What counts as the same. */
  readonly same: Sameness;
  readonly rows: readonly TilingRow[];
}
