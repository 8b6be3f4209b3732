import { formatInstant, type Instant } from "../../pipeline/units.ts";
import {
  areaGeometry,
  type BoundingBox,
  boundingBox,
  type Position,
  uniteBoxes,
} from "../../pipeline/raster/area-geometry.ts";

/** One scene of a run, for the catalogue. */
export interface ArchivedScene {
  readonly id: string;
  /** Corners of the scene, not closed; `null` without georeference. */
  readonly footprintLonLat: readonly Position[] | null;
  /** When the imagery itself was recorded; `null` where nobody says. */
  readonly recordedAt: Instant | null;
  /** What recorded the imagery; `null` where nobody says. */
  readonly platform: string | null;
  /** Where the imagery is from, by the references of its dataset. */
  readonly derivedFrom: readonly string[];
  /** When a satellite of this run took it; at least once. */
  readonly capturedAt: readonly Instant[];
  readonly satellites: readonly string[];
  /** Detections archived for it. */
  readonly detections: number;
}

/** What made the results. */
export interface ArchiveProvenance {
  readonly runId: string;
  readonly softwareVersion: string;
  /** Whether satellites were over what they photographed; if not, no item claims that one was. */
  readonly flownOver: boolean;
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
}

const stacVersion = "1.0.0";
const processing = "https://stac-extensions.github.io/processing/v1.2.0/schema.json";

/** When the imagery was recorded, where its source says so; else when it was taken in the run. */
const times = ({ recordedAt, capturedAt }: ArchivedScene) => {
  const ordered = recordedAt === null ? capturedAt.toSorted((a, b) => a - b) : [recordedAt];
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined)
    throw new RangeError("a STAC item needs an acquisition time");
  // STAC wants `datetime` null where a range says it better.
  if (first === last) return { datetime: formatInstant(first) };
  return { datetime: null, start_datetime: formatInstant(first), end_datetime: formatInstant(last) };
};

/** The acquisition in the run. An item of a load test names no satellite: none was there. */
const acquisitionOf = ({ capturedAt, satellites }: ArchivedScene, flownOver: boolean) => ({
  "swath:captured_at": capturedAt.map((at) => formatInstant(at)),
  ...(flownOver ? { "swath:satellites": satellites } : { "swath:load_test": true }),
});

/** The STAC item of one scene, for `stac/<scene>.json` in the run's folder: footprint, times, what made the detections. */
export const stacItem = (
  scene: ArchivedScene,
  { runId, softwareVersion, flownOver, model }: ArchiveProvenance,
) => {
  const area = scene.footprintLonLat && areaGeometry(scene.footprintLonLat);
  const bounds = area && boundingBox(area);
  return {
    type: "Feature",
    stac_version: stacVersion,
    stac_extensions: [processing],
    id: scene.id,
    collection: runId,
    geometry: area,
    ...(bounds === null ? {} : { bbox: bounds }),
    properties: {
      ...times(scene),
      ...(scene.platform === null ? {} : { platform: scene.platform }),
      ...acquisitionOf(scene, flownOver),
      "processing:software": { swath: softwareVersion, [model.name]: model.version },
      "processing:lineage": `Detections by ${model.name} ${model.version} in run ${runId}`,
      "swath:model_sha256": model.sha256,
      "swath:detections": scene.detections,
    },
    links: [
      { rel: "root", href: "collection.json", type: "application/json" },
      { rel: "parent", href: "collection.json", type: "application/json" },
      { rel: "collection", href: "collection.json", type: "application/json" },
      ...scene.derivedFrom.map((href) => ({ rel: "derived_from", href })),
    ],
    assets: {
      geojson: {
        href: "../detections.geojson",
        type: "application/geo+json",
        title: `Detections of the whole run; this scene's have scene = ${scene.id}`,
        roles: ["data"],
      },
      geoparquet: {
        href: "../detections.parquet",
        type: "application/vnd.apache.parquet",
        title: "The same as GeoParquet",
        roles: ["data"],
      },
    },
  };
};

/** The STAC collection of a run, for `stac/collection.json`. */
export const stacCollection = (scenes: readonly ArchivedScene[], { runId, model }: ArchiveProvenance) => {
  const instants = scenes
    .flatMap(({ recordedAt, capturedAt }) => (recordedAt === null ? capturedAt : [recordedAt]))
    .toSorted((a, b) => a - b);
  const boxes = scenes.flatMap(({ footprintLonLat }) =>
    footprintLonLat === null ? [] : [boundingBox(areaGeometry(footprintLonLat))],
  );
  const extent: BoundingBox = uniteBoxes(boxes) ?? [-180, -90, 180, 90];
  const [first, last] = [instants[0], instants.at(-1)];
  return {
    type: "Collection",
    stac_version: stacVersion,
    id: runId,
    description: `Detections by ${model.name} ${model.version}, as simulated satellites sent them down`,
    license: "other",
    extent: {
      spatial: { bbox: [extent] },
      temporal: {
        interval: [
          [
            first === undefined ? null : formatInstant(first),
            last === undefined ? null : formatInstant(last),
          ],
        ],
      },
    },
    links: [
      { rel: "root", href: "collection.json", type: "application/json" },
      ...scenes.map(({ id }) => ({ rel: "item", href: `${id}.json`, type: "application/geo+json" })),
    ],
  };
};
