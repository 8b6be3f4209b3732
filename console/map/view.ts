import { geoDistance, geoEqualEarth, geoOrthographic, type GeoProjection } from "d3-geo";

/** A place: longitude and latitude in degrees, as d3-geo and GeoJSON have them. */
export type LonLat = readonly [longitude: number, latitude: number];

/** A rectangle on the canvas, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which world is drawn where. `map` is equal-area, `globe` what is seen from afar, `lens` a globe so near that its limb is outside. */
export interface View {
  readonly kind: "map" | "globe" | "lens";
  readonly box: Box;
  readonly projection: GeoProjection;
  /** What lies in the middle. */
  readonly centre: LonLat;
  /** Degrees round the centre that can be seen; 180 on the flat map. */
  readonly reach: number;
}

/** How the world is turned and how near one is. */
export interface Turn {
  readonly centre: LonLat;
  /** 1: all of it fits. */
  readonly zoom: number;
}

const margin = 6;

/** The whole world in equal areas (Šavrič, Patterson & Jenny, Equal Earth, 2018), turned about the Earth's axis only. */
export const mapView = (box: Box, turn: Turn): View => {
  const centre: LonLat = [turn.centre[0], 0];
  const projection = geoEqualEarth().rotate([-centre[0], 0]).precision(0.4);
  const [left, top] = [box.x + margin, box.y + margin];
  projection.fitExtent(
    [
      [left, top],
      [box.x + box.width - margin, box.y + box.height - margin],
    ],
    { type: "Sphere" },
  );
  return { kind: "map", box, projection: magnified(projection, box, turn), centre, reach: 180 };
};

/** Zooming keeps the turn's centre in the middle of the box. */
const magnified = (projection: GeoProjection, box: Box, turn: Turn): GeoProjection => {
  if (turn.zoom <= 1) return projection;
  projection.scale(projection.scale() * turn.zoom);
  const [x = 0, y = 0] = projection([turn.centre[0], turn.centre[1]]) ?? [];
  const [tx, ty] = projection.translate();
  return projection.translate([tx + box.x + box.width / 2 - x, ty + box.y + box.height / 2 - y]);
};

/** The half of the world that is seen from far above a place. */
export const globeView = (box: Box, { centre, zoom }: Turn): View => {
  const radius = (Math.min(box.width, box.height) / 2 - margin) * Math.max(1, zoom);
  const projection = geoOrthographic()
    .scale(radius)
    .translate([box.x + box.width / 2, box.y + box.height / 2])
    .rotate([-centre[0], -centre[1]])
    .clipAngle(90)
    .precision(0.4);
  return { kind: "globe", box, projection, centre, reach: 90 };
};

/** So many degrees round a place, as wide as the box. */
export const lensView = (box: Box, centre: LonLat, degreesAcross: number): View => {
  const reach = (degreesAcross / 2) * Math.SQRT2 + 3;
  const projection = geoOrthographic()
    .scale(box.width / 2 / Math.sin((degreesAcross * Math.PI) / 360))
    .translate([box.x + box.width / 2, box.y + box.height / 2])
    .rotate([-centre[0], -centre[1]])
    .clipAngle(Math.min(89, reach))
    // So near, the line between two points of a coast is straight.
    .precision(0);
  return { kind: "lens", box, projection, centre, reach };
};

const toRadians = Math.PI / 180;

/** Whether the place is on the side of the world that the view shows. */
export const inReach = (view: View, place: LonLat): boolean => {
  if (view.reach >= 180) return true;
  const [lon0, lat0] = view.centre;
  const dLon = (place[0] - lon0) * toRadians;
  const cos =
    Math.sin(lat0 * toRadians) * Math.sin(place[1] * toRadians) +
    Math.cos(lat0 * toRadians) * Math.cos(place[1] * toRadians) * Math.cos(dLon);
  return cos > Math.cos(view.reach * toRadians);
};

/** Where a place lies on the canvas; `null` where the view does not show it. */
export const pointOf = (view: View, place: LonLat): readonly [x: number, y: number] | null => {
  if (!inReach(view, place)) return null;
  const point = view.projection([place[0], place[1]]);
  if (point === null) return null;
  const [x, y] = point;
  const { box } = view;
  if (x < box.x - 8 || x > box.x + box.width + 8 || y < box.y - 8 || y > box.y + box.height + 8) return null;
  return [x, y];
};

/** The place under a point of the canvas; `null` beside the world. */
export const placeAt = (view: View, x: number, y: number): LonLat | null => {
  const place = view.projection.invert?.([x, y]) ?? null;
  if (place === null || !place.every(Number.isFinite)) return null;
  // Beside the world the inverse of a projection still gives something: only what leads back there counts.
  const back = view.projection([place[0], place[1]]);
  if (back === null || Math.hypot(back[0] - x, back[1] - y) > 1) return null;
  if (Math.abs(place[0]) > 180 || Math.abs(place[1]) > 90) return null;
  return [place[0], place[1]];
};

/** Great-circle distance in degrees. */
export const degreesBetween = (a: LonLat, b: LonLat): number =>
  geoDistance([a[0], a[1]], [b[0], b[1]]) / toRadians;
