import { metres, toRadians, degrees, type Metres } from "../units.ts";
import { pixelToLonLat } from "./georeference.ts";
import type { Scene } from "./scene.ts";

/** Mean radius of the Earth, IUGG. */
const earthRadius = 6_371_008.8;

/**
 * Side of a pixel on the ground in the middle of the scene: the root of its area on a sphere, so that the stretch of a Mercator grid
 * does not count. `null` without a georeference.
 */
export const pixelSize = ({
  georeference,
  width,
  height,
}: Pick<Scene, "georeference" | "width" | "height">): Metres | null => {
  if (georeference === null) return null;
  const at = (dx: number, dy: number) => pixelToLonLat(georeference, width / 2 + dx, height / 2 + dy);
  const [here, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
  const cos = Math.cos(toRadians(degrees(here[1])));
  const towards = ([longitude, latitude]: readonly [number, number]): readonly [number, number] => [
    toRadians(degrees(longitude - here[0])) * cos * earthRadius,
    toRadians(degrees(latitude - here[1])) * earthRadius,
  ];
  const [[ax, ay], [bx, by]] = [towards(right), towards(down)];
  return metres(Math.sqrt(Math.abs(ax * by - ay * bx)));
};
