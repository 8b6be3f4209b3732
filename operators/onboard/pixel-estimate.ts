import { bytes, seconds } from "../../pipeline/units.ts";
import { sceneBytes } from "../../pipeline/raster/scene.ts";
import { planTiles, tilePixels } from "../../pipeline/raster/tile-plan.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import type { FlightPorts } from "../flight/flight-plan.ts";
import { encodeSeconds, tileSeconds } from "../platform/tile-work.ts";
import { kindOf } from "../policies/policy-choice.ts";
import { tileWorkOf, type Onboard } from "./acquisition-work.ts";
import type { PixelTools } from "./pixel-tools.ts";

/**
 * What the tiles of an acquisition ask of the computer, as a scheduler on board would know it: all tiles whole, none empty or clouded over,
 * images of all where the policy sends any. The pixels cross as the sensor hands them over.
 */
export const pixelEstimate =
  (
    onboard: Onboard,
    { source, sceneErrors }: Pick<PixelTools, "source" | "sceneErrors">,
  ): NonNullable<FlightPorts["estimate"]> =>
  async ({ index, scene: id }) => {
    try {
      await using reader = await source.open(id);
      const { scene } = reader;
      const names = onboard.bands[id] ?? scene.bands.map(({ name }) => name);
      const { length } = planTiles({ x: 0, y: 0, width: scene.width, height: scene.height }, onboard.tile);
      const samples = scene.width * scene.height * names.length;
      const detector = detectsOnBoard(onboard.policy) ? onboard.detector : null;
      const look = tileSeconds(onboard.computer, tileWorkOf(detector, tilePixels(onboard.tile)));
      const encoded = kindOf(onboard.policy).ofTile === undefined ? 0 : samples;
      const work = seconds(length * look + encodeSeconds(onboard.computer, encoded));
      return { acquisition: index, tiles: length, samples, bytes: bytes(sceneBytes(scene, names)), work };
    } catch (error) {
      onboard.signal.throwIfAborted();
      // Whoever takes it says so in its record.
      sceneErrors.leaveOut(error);
      return null;
    }
  };
