import type { Degrees } from "../../../pipeline/units.ts";
import { html, type Markup, point } from "./html.ts";
import { landOutline } from "./land-outline.ts";
import { labelPlacer } from "./map-labels.ts";

/** A place on the ground. */
export interface Place {
  readonly longitude: Degrees;
  readonly latitude: Degrees;
}

/** Where a satellite's sub-point went around a picture. */
export interface GroundTrack {
  readonly points: readonly (readonly [longitude: number, latitude: number])[];
}

/** A scene, or another target, on a map. */
export interface MapScene extends Place {
  /** What stands beside it: its number and name. */
  readonly name: string;
  /** What stands there where there is no room for names. */
  readonly short: string;
  readonly state: "landed" | "later" | "never";
  /** The id of the station that heard it. */
  readonly station: string | null;
}

/** A station on a map. */
export interface MapStation extends Place {
  readonly id: string;
  readonly name: string;
}

/** What a map shows. */
export interface MapInput {
  /** What the map says, for those who cannot see it. */
  readonly finding: string;
  readonly scenes: readonly MapScene[];
  readonly stations: readonly MapStation[];
  readonly tracks: readonly GroundTrack[];
}

type Point = readonly [x: number, y: number];
type Projection = (longitude: number, latitude: number) => Point;

/** Land as rings of degrees, read once. */
const land: readonly (readonly Point[])[] = landOutline
  .split(/[|\n]/)
  .filter((text) => text !== "")
  .map((text) => {
    const steps = [...text.matchAll(/-?\d+/g)].map(([digits]) => Number(digits));
    const ring: Point[] = [];
    let [x, y] = [0, 0];
    for (let i = 0; i + 1 < steps.length; i += 2) {
      x += steps[i] as number;
      y += steps[i + 1] as number;
      ring.push([x / 10, y / 10]);
    }
    return ring;
  });

const size = { width: 1180, height: 560 } as const;

/** How much of the sphere the height of the map holds: the bottom of Antarctica is cut. */
const [scale, top] = [size.width / 5.472, 1.43] as const;

/** The Natural Earth projection: Šavrič, Jenny, Patterson, Petrovič, Hurni, A polynomial equation for the Natural Earth projection, CaGIS 38 (2011). */
const naturalEarth: Projection = (longitude, latitude) => {
  const phi = (latitude * Math.PI) / 180;
  const p2 = phi * phi;
  const p4 = p2 * p2;
  const length = 0.8707 - 0.131979 * p2 - 0.013791 * p4 + p4 * p4 * p2 * (0.003971 - 0.001529 * p2);
  const rise = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)));
  return [size.width / 2 + ((longitude * Math.PI) / 180) * length * scale, (top - rise) * scale];
};

const pathOf = (points: readonly Point[], project: Projection, close: boolean): string => {
  let [lastX, lastY] = [0, 0];
  const steps = points.map(([longitude, latitude], i) => {
    const [x, y] = project(longitude, latitude).map((value) => Math.round(value * 10)) as [number, number];
    const text = `${i === 0 ? "M" : "l"}${(x - lastX) / 10} ${(y - lastY) / 10}`;
    [lastX, lastY] = [x, y];
    return text;
  });
  return `${steps.join("")}${close ? "z" : ""}`;
};

/** A track in parts, cut where it leaves one edge of the map for the other. */
const trackParts = ({ points }: GroundTrack): readonly (readonly Point[])[] => {
  const parts: Point[][] = [];
  points.forEach((at, i) => {
    const before = points[i - 1];
    if (before === undefined || Math.abs(at[0] - before[0]) > 180) parts.push([]);
    parts.at(-1)?.push(at);
  });
  return parts.filter((part) => part.length > 1);
};

/** The outline of the world, down to where the map is cut. */
const globe = (): string => {
  const edge = (longitude: number): Point[] =>
    Array.from({ length: 37 }, (_, i) => [longitude, 90 - 5 * i] as const);
  return pathOf([...edge(180), ...edge(-180).toReversed()], naturalEarth, true);
};

/** Where scenes crowd, drawn larger: degrees, `null` where they do not. */
interface LensFrame {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

const [lensWidth, lensHeight, lensLatitudes] = [322, 220, 26] as const;

const lensAround = (scenes: readonly MapScene[]): LensFrame | null => {
  if (scenes.length > 60) return null;
  const around = (centre: Place) => {
    const half = lensLatitudes / 2;
    const latitude = Math.max(-78, Math.min(78, centre.latitude));
    const wide = (half * (lensWidth / lensHeight)) / Math.cos((latitude * Math.PI) / 180);
    const within = scenes.filter(
      (one) =>
        Math.abs(one.latitude - latitude) < half * 0.9 &&
        Math.abs(one.longitude - centre.longitude) < wide * 0.9,
    );
    return { within, centre: { longitude: centre.longitude, latitude }, half, wide };
  };
  const [best] = scenes.map(around).toSorted((a, b) => b.within.length - a.within.length);
  if (best === undefined || best.within.length < 3) return null;
  // Once more about the middle of those found, so that none lies at the frame.
  const middle = (of: (one: MapScene) => number): number => {
    const values = best.within.map(of);
    return (Math.min(...values) + Math.max(...values)) / 2;
  };
  const { half, wide } = best;
  const [longitude, latitude] = [middle((one) => one.longitude), middle((one) => one.latitude)];
  return { west: longitude - wide, east: longitude + wide, south: latitude - half, north: latitude + half };
};

const inside = (frame: LensFrame | null, { longitude, latitude }: Place): boolean =>
  frame !== null &&
  longitude > frame.west &&
  longitude < frame.east &&
  latitude > frame.south &&
  latitude < frame.north;

/** Everything above the land, in one projection; `named` chooses what gets a label. */
const marks = (
  { scenes, stations, tracks }: MapInput,
  project: Projection,
  bounds: { readonly width: number; readonly height: number },
  named: (place: Place) => boolean,
): Markup => {
  const hearing = new Set(scenes.map(({ station }) => station));
  const at = (place: Place): Point => project(place.longitude, place.latitude);
  const byId = new Map(stations.map((station) => [station.id, station]));
  const placer = labelPlacer(bounds, [...scenes, ...stations.filter(({ id }) => hearing.has(id))].map(at));
  const lines = tracks.flatMap((track) =>
    trackParts(track).map(
      (part) => html`<path class="track" d="${pathOf(part, project, false)}" marker-end="url(#ahead)" />`,
    ),
  );
  const heard = scenes.flatMap((scene) => {
    const station = byId.get(scene.station ?? "");
    // What was carried on lands far from where it was seen: a line there would be nobody's.
    if (
      station === undefined ||
      scene.state !== "landed" ||
      Math.abs(station.longitude - scene.longitude) > 180
    )
      return [];
    const [[x1, y1], [x2, y2]] = [at(scene), at(station)];
    return [
      html`<line class="heard" x1="${point(x1)}" y1="${point(y1)}" x2="${point(x2)}" y2="${point(y2)}" />`,
    ];
  });
  const squares = stations.map((station) => {
    const [x, y] = at(station);
    const half = hearing.has(station.id) ? 3.4 : 2.4;
    return html`<rect
      class="station${hearing.has(station.id) && " hears"}"
      x="${point(x - half)}"
      y="${point(y - half)}"
      width="${2 * half}"
      height="${2 * half}"
      ><title>${station.name}</title></rect
    >`;
  });
  const discs = scenes.map((scene) => {
    const [x, y] = at(scene);
    const radius = scenes.length > 60 ? 2.5 : scene.state === "landed" ? 4.5 : 4;
    return html`<circle class="scene ${scene.state}" cx="${point(x)}" cy="${point(y)}" r="${radius}"
      ><title>${scene.name}</title></circle
    >`;
  });
  const label = (place: Place, text: string, style: string): Markup | null => {
    const spot = placer(at(place), text);
    return (
      spot &&
      html`<text class="${style}" x="${point(spot.x)}" y="${point(spot.y)}" text-anchor="${spot.anchor}"
        >${text}</text
      >`
    );
  };
  const names =
    scenes.length > 60 ? [] : scenes.filter(named).map((scene) => label(scene, scene.name, "port place"));
  const sites = stations
    .filter((station) => hearing.has(station.id) && named(station))
    .map((station) => label(station, station.name, "place"));
  const numbers =
    scenes.length > 60
      ? []
      : scenes.filter(named).map((scene) => {
          const [x, y] = at(scene);
          return html`<text class="port number-only" x="${point(x + 14)}" y="${point(y + 11)}"
            >${scene.short}</text
          >`;
        });
  return html`${lines}${heard}${squares}${discs}${names}${sites}${numbers}`;
};

/** Rings of land that reach into a frame. */
const landIn = ({ west, east, south, north }: LensFrame, project: Projection): string =>
  land
    .filter((ring) => {
      const [x, y] = [ring.map(([longitude]) => longitude), ring.map(([, latitude]) => latitude)];
      return (
        Math.min(...x) < east && Math.max(...x) > west && Math.min(...y) < north && Math.max(...y) > south
      );
    })
    .map((ring) => pathOf(ring, project, true))
    .join("");

const arrow = html`<defs
  ><marker id="ahead" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"
    ><path d="M0 0.5L7 4L0 7.5L2 4z" style="fill:var(--ink2)" /></marker
></defs>`;

const lensMap = (input: MapInput, frame: LensFrame): Markup => {
  const { west, east, south, north } = frame;
  const project: Projection = (longitude, latitude) => [
    ((longitude - west) / (east - west)) * lensWidth,
    ((north - latitude) / (north - south)) * lensHeight,
  ];
  const shown = (place: Place): boolean => inside(frame, place);
  // Lines to stations outside the frame are cut by it, as tracks are.
  return html`<svg
    class="lens"
    viewBox="0 0 ${lensWidth} ${lensHeight}"
    role="img"
    aria-label="The part of the map where most scenes lie, larger"
  >
    <path class="land" d="${landIn(frame, project)}" />
    ${marks(input, project, { width: lensWidth, height: lensHeight }, shown)}
  </svg>`;
};

const frameOnWorld = ({ west, east, south, north }: LensFrame): string => {
  const corners = [
    ...Array.from({ length: 9 }, (_, i) => [west + ((east - west) * i) / 8, north] as const),
    ...Array.from({ length: 9 }, (_, i) => [east - ((east - west) * i) / 8, south] as const),
  ];
  return pathOf(corners, naturalEarth, true);
};

/**
 * The world with scenes, the passes that saw them, the stations that heard them, and a lens where scenes crowd. Names are
 * placed where there is room; each mark has its name as a title.
 */
export const worldMap = (input: MapInput): Markup => {
  const lens = lensAround(input.scenes);
  // Where there is no pass, as on a map of orders, none points ahead: a page may have both maps, and a mark has its name once.
  return html`<div class="map">
    <svg class="world" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${input.finding}">
      <title>${input.finding}</title>
      ${(input.tracks.length > 0 || input.stations.length > 0) && arrow}
      <path class="sea" d="${globe()}" />
      <path class="land" d="${land.map((ring) => pathOf(ring, naturalEarth, true)).join("")}" />
      ${lens !== null && html`<path class="frame" d="${frameOnWorld(lens)}" />`}
      ${marks(input, naturalEarth, size, (place) => !inside(lens, place))}
    </svg>
    ${lens !== null && lensMap(input, lens)}
  </div>`;
};
