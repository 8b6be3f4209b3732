/** What a satellite reports while it flies; for people who watch, never part of a result. */
export type SatelliteEvent =
  | {
      readonly type: "Acquisition:Processed";
      readonly scene: string;
      readonly tiles: number;
      readonly detections: number;
    }
  | { readonly type: "Acquisition:Failed"; readonly scene: string; readonly reason: string }
  /** The model put out what are not numbers, after radiation had been at it. */
  | { readonly type: "Tile:Lost"; readonly scene: string; readonly tiles: number }
  | { readonly type: "Product:Evicted"; readonly bytes: number; readonly reason: string }
  | { readonly type: "Contact:Closed"; readonly contact: string; readonly bytes: number };
