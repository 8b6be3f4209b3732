import { detectionId } from "../../../pipeline/mission/detection-id.ts";
import {
  encodeResultMessage,
  type ResultMessage,
  resultVersion,
} from "../../../pipeline/mission/result-message.ts";

/** A detection that nobody saw. `n` tells it from others. */
export const result = (n: number, over: Partial<ResultMessage> = {}): ResultMessage => {
  const content = {
    run: over.run ?? "replay-00000000-detect",
    acquisition: n,
    class: over.class ?? "ship",
    score: over.score ?? 0.75,
    box_px: [n % 1000, 20, (n % 1000) + 10, 40] as const,
  };
  const { longitude = 5, latitude = 40 } = over;
  // Keys in the order of publishers.
  const message: ResultMessage = {
    schema: resultVersion,
    id: detectionId(content),
    run: content.run,
    policy: "detect",
    scene: "harbour-1",
    acquisition: n,
    satellite: "walker-1-1",
    station: "Svalbard",
    class: content.class,
    score: content.score,
    place: longitude === null ? "pixels" : "ground",
    box_px: content.box_px,
    outline_px: null,
    longitude,
    latitude,
    polygon:
      longitude === null || latitude === null
        ? null
        : [
            [longitude, latitude],
            [longitude + 0.01, latitude],
            [longitude + 0.01, latitude + 0.01],
            [longitude, latitude + 0.01],
          ],
    captured_at: "2026-01-01T00:00:00.000Z",
    received_at: "2026-01-01T01:00:00.000Z",
    latency_s: 3600,
  };
  return { ...message, ...over };
};

/** As a stream has them, numbered from `first` on. */
export const heard = (results: readonly ResultMessage[], first = 1) =>
  results.map((one, i) => ({ seq: first + i, data: encodeResultMessage(one) }));
