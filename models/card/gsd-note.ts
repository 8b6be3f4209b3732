import type { Scene } from "../../pipeline/raster/scene.ts";
import { pixelSize } from "../../pipeline/raster/pixel-size.ts";
import { someOf } from "../../pipeline/format.ts";
import type { AnyCard } from "./card.ts";

/** Beyond the card's range by so much is still within it: a grid of 10 m is 9.99 m here and 10.01 m there. */
const tolerance = 0.02;

const round = (size: number): string => `${Number(size.toPrecision(3))}`;

/**
 * One sentence on scenes whose pixels, on the ground, are larger or smaller than those that the model was made for; `null` where
 * there are none, where the card does not say, or scenes do not say where they lie.
 */
export const gsdNote = (
  { name, gsdMetres }: Pick<AnyCard, "name" | "gsdMetres">,
  scenes: readonly Pick<Scene, "id" | "georeference" | "width" | "height">[],
): string | null => {
  if (gsdMetres === undefined) return null;
  const { min, max } = gsdMetres;
  const sized = scenes.flatMap((scene) => {
    const size = pixelSize(scene);
    return size === null || !Number.isFinite(size) ? [] : [{ id: scene.id, size }];
  });
  const out = sized.filter(({ size }) => size < min * (1 - tolerance) || size > max * (1 + tolerance));
  if (out.length === 0) return null;
  const sizes = out.map(({ size }) => size);
  const [low, high] = [round(Math.min(...sizes)), round(Math.max(...sizes))];
  const range = low === high ? low : `${low} to ${high}`;
  return `${name} was made for pixels of ${min} to ${max} m on the ground; those of ${someOf(out.map(({ id }) => id))} are ${range} m: expect it to find little, or wrongly`;
};
