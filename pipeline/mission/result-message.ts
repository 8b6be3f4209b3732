/** A detection as subscribers get it, one JSON object a message. */
export interface ResultMessage {
  readonly schema: "swath-result/1";
  readonly run: string;
  readonly policy: string;
  readonly scene: string;
  readonly acquisition: number;
  readonly satellite: string;
  readonly station: string;
  readonly class: string;
  readonly score: number;
  /** x0, y0, x1, y1 in pixels of the scene. */
  readonly boxPx: readonly [number, number, number, number];
  /** Of the centre, degrees, WGS 84; `null` without georeference. */
  readonly longitude: number | null;
  readonly latitude: number | null;
  /** The outline where the model saw one, else the corners of the box; [longitude, latitude], not closed. */
  readonly polygon: readonly (readonly [number, number])[] | null;
  readonly capturedAt: string;
  readonly publishedAt: string;
}
