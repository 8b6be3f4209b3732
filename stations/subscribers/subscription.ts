import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import type { LonLatBox } from "../../pipeline/raster/georeference.ts";

/** What a subscriber wants to hear of. */
export interface Subscription {
  /** Detections whose centre lies inside; `null`: anywhere, also where no place is known. */
  readonly box: LonLatBox | null;
  /** Scores from here on, 0 … 1. */
  readonly minScore: number;
}

/** Whether the centre lies in the box; a box whose west is east of its east crosses the antimeridian. */
const inBox = ({ longitude, latitude }: ResultMessage, [west, south, east, north]: LonLatBox): boolean => {
  if (longitude === null || latitude === null || latitude < south || latitude > north) return false;
  return west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
};

/** Whether a result fits the area and the score of a subscription. */
export const isWanted = (result: ResultMessage, { box, minScore }: Subscription): boolean =>
  result.score >= minScore && (box === null || inBox(result, box));
