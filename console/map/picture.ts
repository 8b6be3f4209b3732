import type { MultiPolygon, Polygon } from "geojson";
import type { Horizon } from "./hearing.ts";
import type { Night } from "./night.ts";
import type { Place, Places } from "./orbit-places.ts";
import type { LonLat } from "./view.ts";

/** A satellite that is drawn as a chevron. */
export interface SatelliteMark {
  readonly id: string;
  /** What all names share is left out. */
  readonly label: string;
  readonly place: Place;
  readonly selected: boolean;
  readonly named: boolean;
  /** Nothing has been heard of its node: crossed. */
  readonly silent: boolean;
}

/** A ground station. */
export interface StationMark {
  readonly id: string;
  readonly label: string;
  readonly lonLat: LonLat;
  readonly inContact: boolean;
  readonly selected: boolean;
  readonly silent: boolean;
}

/** A contact or a crosslink that is up. `kind` is that of the product with most bytes in it; `null`: nothing was sent yet. */
export interface LinkMark {
  readonly id: string;
  readonly from: LonLat;
  readonly to: LonLat;
  readonly crosslink: boolean;
  readonly kind: string | null;
  /** Bits a second that it carried; decides the width. */
  readonly rate: number;
}

/** How far a scene has come: still to be taken, taken and on board, landed. */
export type SceneStage = "ahead" | "on-board" | "landed";

/** A scene: where, how far, and what its label says. */
export interface SceneMark {
  readonly id: string;
  readonly label: string;
  readonly lonLat: LonLat;
  readonly stage: SceneStage;
  /** Taken in the last ten minutes of mission time. */
  readonly fresh: boolean;
  readonly selected: boolean;
  /** Taken while the Sun was down: the disc carries a bar. */
  readonly atNight: boolean;
}

/** An order for an area: where, and how far it has come. Dashed until its image is taken, full then; in the colour of results once it has landed. */
export interface OrderMark {
  readonly id: string;
  readonly label: string;
  readonly lonLat: LonLat;
  /** Closed. */
  readonly outline: readonly LonLat[];
  readonly stage: "waits" | "on board" | "taken" | "done" | "landed" | "refused" | "expired";
  readonly selected: boolean;
  readonly named: boolean;
}

/** The way of a satellite over the ground before and after now. */
export interface TrackMark {
  readonly behind: readonly Place[];
  readonly ahead: readonly Place[];
  readonly selected: boolean;
}

/** A cell of landed detections, where single discs would be too many. `step` is 1 (few) to 5. */
export interface CellMark {
  /** Of H3. */
  readonly id: string;
  readonly outline: Polygon;
  readonly step: number;
  readonly count: number;
}

/** All that a map shows at one moment. It says what; `draw-map.ts` says how. */
export interface MapPicture {
  readonly night: Night;
  readonly hearing: readonly (readonly LonLat[])[];
  /** Horizons of the stations in contact, at the height of what they hear. */
  readonly horizons: readonly Horizon[];
  readonly tracks: readonly TrackMark[];
  /** The selected satellite's camera: seen, and to be seen. */
  readonly swath: { readonly behind: Polygon | null; readonly ahead: Polygon | null } | null;
  readonly links: readonly LinkMark[];
  readonly stations: readonly StationMark[];
  readonly scenes: readonly SceneMark[];
  /** Scenes that are fresh, and too many to have a circle each. */
  readonly freshBeyond: number;
  readonly orders: readonly OrderMark[];
  readonly cells: readonly CellMark[];
  readonly satellites: readonly SatelliteMark[];
  /** A constellation too large for chevrons: dashes along the track. `inContact` has a byte a satellite. */
  readonly fleet: { readonly places: Places; readonly inContact: Uint8Array } | null;
  /** What the lens shows, on the world map. */
  readonly lens: { readonly centre: LonLat; readonly degrees: number } | null;
  /** An area that is drawn or that a subscription has. */
  readonly areas: readonly (Polygon | MultiPolygon)[];
  readonly area: readonly LonLat[] | null;
}
