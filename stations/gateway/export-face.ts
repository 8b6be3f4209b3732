import { Readable } from "node:stream";
import { z } from "zod";
import { someOf } from "../../pipeline/format.ts";
import type { DetectionArchive } from "../archive/detection-archive.ts";
import type { DetectionFeature } from "../archive/detection-geojson.ts";
import {
  detectionFiles,
  type DetectionFormat,
  detectionFormats,
  grouped,
} from "../subscribers/detection-files.ts";
import type { Face } from "./face.ts";
import type { ArchivePort } from "./ogc-face.ts";
import { operation } from "./operation.ts";
import { type ParameterValues, readParameters } from "./parameters.ts";
import { HttpProblem } from "./problem.ts";
import { bboxSchema, datetimeSchema } from "./query-parameters.ts";
import { serve } from "./serve-operation.ts";

const names = z.array(z.string()).optional();
const scoreWords = "a score from 0 to 1";

const exportFile = operation({
  method: "get",
  path: "",
  name: "exportDetections",
  summary: "Detections as a file: GeoJSON, GeoParquet, FlatGeobuf or CSV",
  query: {
    format: z
      .enum(detectionFormats as [DetectionFormat, ...DetectionFormat[]], detectionFormats.join(", "))
      .default("geojson"),
    bbox: bboxSchema.optional(),
    datetime: datetimeSchema.optional(),
    class: names.describe("classes, separated by commas"),
    min_score: z.number(scoreWords).min(0, scoreWords).max(1, scoreWords).default(0),
    run: names.describe("<run>-<policy>, or a whole <run>"),
    scene: names.describe("names of scenes"),
  },
  answers: {
    200: { about: "the file, as it becomes ready", type: "application/octet-stream" },
  },
});

/** Refuses names that nobody has, with those there are. */
const requireKnown = (field: string, wanted: readonly string[], known: readonly string[]): void => {
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const all = [...new Set(known)].toSorted();
  throw new HttpProblem(field === "run" ? 404 : 400, {
    what: `unknown ${field} "${unknown.slice(0, 80)}"`,
    wanted: someOf(all) || "none: nothing is here yet",
    got: `"${unknown.slice(0, 80)}"`,
    field,
  });
};

const runsNamed = (
  archive: DetectionArchive,
  said: readonly string[] | undefined,
): readonly string[] | null => {
  if (said === undefined) return null;
  const runs = archive.runs();
  const policies = new Map(runs.map(({ run, policy }) => [run, run.slice(0, -policy.length - 1)]));
  requireKnown("run", said, [...policies.entries()].flat());
  return runs
    .map(({ run }) => run)
    .filter((run) => said.includes(run) || said.includes(policies.get(run) ?? ""));
};

/** Which detections a file is to hold, as its query has them; `format` apart. */
export type ExportQuery = Omit<ParameterValues<typeof exportFile.query>, "format">;

/** The detections that a query wants. Throws `HttpProblem` for a class or a run that nobody has, with those there are. */
export const exportedDetections = (
  archive: DetectionArchive,
  query: ExportQuery,
): Iterable<DetectionFeature> => {
  const classes = query.class ?? null;
  if (classes !== null) {
    const known = archive.runs().flatMap((one) => one.classes);
    requireKnown("class", classes, known);
  }
  return archive.all({
    bbox: query.bbox ?? null,
    fromMs: query.datetime?.fromMs ?? null,
    toMs: query.datetime?.toMs ?? null,
    classes,
    minScore: query.min_score,
    runs: runsNamed(archive, query.run),
    scenes: query.scene ?? null,
  });
};

/** Reads a query that a person wrote, values as text. Throws `HttpProblem(400)` that names the parameter. */
export const readExportQuery = (words: Readonly<Record<string, string>>) =>
  readParameters(new URLSearchParams(words), exportFile.query);

/** `/api/detections/export`: what the archive holds, as files. */
export const exportFace = ({ archive, refresh }: ArchivePort): Face => ({
  path: "/api/detections/export",
  title: "detections as files",
  operations: [exportFile],
  routes(router) {
    serve(router, exportFile, async ({ c, query }) => {
      await refresh();
      const { type, ending, encode } = detectionFiles[query.format];
      const found = exportedDetections(archive, query);
      const body = Readable.toWeb(Readable.from(encode(grouped(found)))) as ReadableStream;
      return c.body(body, 200, {
        "Content-Type": type,
        "Content-Disposition": `attachment; filename="detections.${ending}"`,
        "Cache-Control": "no-store",
      });
    });
  },
});
