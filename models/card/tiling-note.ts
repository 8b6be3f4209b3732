import { formatCountOf } from "../../pipeline/format.ts";
import type { AnyCard } from "./card.ts";
import type { TileShape } from "../../pipeline/raster/tile-plan.ts";

type Losses = NonNullable<AnyCard["tile"]["losses"]>[number];

/** What was measured at this tile size with this overlap, or the next narrower one: never less than is lost. */
const lossesAt = (card: AnyCard, { sizePx, overlapPx }: TileShape): Losses | undefined =>
  card.tile.losses
    ?.filter((row) => row.sizePx === sizePx && row.overlapPx <= overlapPx)
    .toSorted((a, b) => b.overlapPx - a.overlapPx)[0];

const lossText = ({ detections, lost, added, moved, overlapPx }: Losses, asked: number): string => {
  const where = overlapPx === asked ? "" : ` with ${overlapPx} px`;
  return lost + added + moved === 0
    ? `none of ${formatCountOf(detections, "detection")} changed where that was measured${where}`
    : `where that was measured${where}, of ${formatCountOf(detections, "detection")}: ${lost} lost, ${added} added, ${moved} moved`;
};

/**
 * One sentence for who runs a model with less overlap than its card asks for, on what that loses; `null` otherwise.
 * `card` is the model's own, `tile` what it runs with.
 */
export const tilingNote = (card: AnyCard | null, tile: TileShape): string | null => {
  if (card === null || tile.overlapPx >= card.tile.overlapPx) return null;
  const measured = lossesAt(card, tile);
  return [
    `tiles of ${tile.sizePx} px overlap by ${tile.overlapPx} px, less than the ${card.tile.overlapPx} px of the card of ${card.name}: `,
    measured === undefined
      ? "swath model check --tiling says what that loses"
      : lossText(measured, tile.overlapPx),
  ].join("");
};
