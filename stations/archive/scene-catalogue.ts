import { z } from "zod";
import type { LonLatBox } from "../../pipeline/raster/georeference.ts";
import { type Geometry, type MapShapes, shapesMeet, shapesOf } from "../../pipeline/raster/shapes-meet.ts";
import type { ResultOrigin } from "./record-message.ts";

const corner = z.tuple([z.number(), z.number()]).rest(z.number());
const polygon = z.array(z.array(corner).min(4)).min(1);

/** A STAC item of a run, as its folder holds it; what is not looked at passes by. */
const itemSchema = z.looseObject({
  type: z.literal("Feature"),
  stac_version: z.string(),
  stac_extensions: z.array(z.string()).optional(),
  id: z.string().min(1),
  geometry: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("Polygon"), coordinates: polygon }),
      z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(polygon) }),
    ])
    .nullable(),
  bbox: z.array(z.number()).length(4).optional(),
  properties: z.looseObject({
    datetime: z.string().nullable(),
    start_datetime: z.string().optional(),
    end_datetime: z.string().optional(),
  }),
  links: z.array(z.looseObject({ rel: z.string(), href: z.string() })),
  assets: z.record(z.string(), z.looseObject({ href: z.string() })),
});

/** See `itemSchema`. */
export type StacSceneItem = z.infer<typeof itemSchema>;

/** Reads an item of a run's folder. Throws `ZodError`. */
export const readStacItem = (value: unknown): StacSceneItem => itemSchema.parse(value);

/** What is looked for; `null` for anything. */
export interface SceneQuery {
  readonly ids: readonly string[] | null;
  /** By `<run>-<policy>`. */
  readonly collections: readonly string[] | null;
  /** West > east crosses the antimeridian. */
  readonly bbox: LonLatBox | null;
  readonly intersects: Geometry | null;
  /** Milliseconds since 1970, both included; `null`: open. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** A scene of a run, as the catalogue holds it. */
export interface CatalogueScene {
  readonly origin: ResultOrigin;
  readonly item: StacSceneItem;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Scenes of finished runs that can be asked for, in the order of runs and ids. */
export interface SceneCatalogue {
  readonly origins: () => readonly ResultOrigin[];
  readonly keep: (origin: ResultOrigin, items: readonly StacSceneItem[]) => void;
  readonly forget: (run: string) => void;
  readonly search: (query: SceneQuery) => Generator<CatalogueScene>;
}

/** An order that pages follow: `<run>/<id>` of the last item is where the next page begins. */
export const sceneKey = ({ origin, item }: CatalogueScene): string => `${origin.run}/${item.id}`;

/** Whether a scene comes after the one of that key. */
export const isBehind = ({ origin, item }: CatalogueScene, key: string): boolean => {
  const at = key.indexOf("/");
  const [run, id] = [key.slice(0, at), key.slice(at + 1)];
  return origin.run > run || (origin.run === run && item.id > id);
};

const timesOf = ({ datetime, start_datetime, end_datetime }: StacSceneItem["properties"]) => {
  const from = Date.parse(start_datetime ?? datetime ?? "");
  return { fromMs: from, toMs: Date.parse(end_datetime ?? datetime ?? "") };
};

const boxShapes = ([west, south, east, north]: LonLatBox): MapShapes => {
  const ring = (from: number, to: number): MapShapes["polygons"][number] => [
    [
      [from, south],
      [to, south],
      [to, north],
      [from, north],
      [from, south],
    ],
  ];
  const polygons = west <= east ? [ring(west, east)] : [ring(west, 180), ring(-180, east)];
  return { points: [], lines: [], polygons };
};

/** An empty catalogue. */
export const sceneCatalogue = (): SceneCatalogue => {
  const runs = new Map<string, readonly CatalogueScene[]>();
  const origins = new Map<string, ResultOrigin>();
  const names = (): readonly string[] => [...runs.keys()].toSorted();
  return {
    origins: () => names().map((run) => origins.get(run) as ResultOrigin),
    keep(origin, items) {
      origins.set(origin.run, origin);
      const scenes = items.map((item) => ({ origin, item, ...timesOf(item.properties) }));
      runs.set(
        origin.run,
        scenes.toSorted((a, b) => (a.item.id < b.item.id ? -1 : 1)),
      );
    },
    forget(run) {
      runs.delete(run);
      origins.delete(run);
    },
    *search({ ids, collections, bbox, intersects, fromMs, toMs }) {
      const area = intersects === null ? null : shapesOf(intersects);
      const box = bbox === null ? null : boxShapes(bbox);
      for (const run of names()) {
        if (collections !== null && !collections.includes(run)) continue;
        for (const scene of runs.get(run) ?? []) {
          const { item } = scene;
          if (ids !== null && !ids.includes(item.id)) continue;
          if (scene.toMs < (fromMs ?? -Infinity) || scene.fromMs > (toMs ?? Infinity)) continue;
          if (area === null && box === null) yield scene;
          else if (item.geometry !== null) {
            const shapes = shapesOf(item.geometry);
            if ([area, box].every((wanted) => wanted === null || shapesMeet(shapes, wanted))) yield scene;
          }
        }
      }
    },
  };
};
