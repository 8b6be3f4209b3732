import { extname } from "node:path";
import { SwathError } from "../pipeline/errors.ts";
import { exportedDetections, readExportQuery } from "../stations/gateway/export-face.ts";
import { detectionFiles, detectionFormats, grouped } from "../stations/subscribers/detection-files.ts";
import { runsIn } from "./folder/read-run.ts";
import type { Notes } from "./progress.ts";
import { runArchive } from "./serve/run-archive.ts";

export { detectionFormats } from "../stations/subscribers/detection-files.ts";

/** Which detections of the runs in a folder, and as what. */
export interface ExportRequest {
  readonly runs: string;
  /** `null`: by the ending of `file`, else GeoJSON. */
  readonly format: string | null;
  /** Where it will be written; `null`: to a terminal or a pipe. */
  readonly file: string | null;
  /** bbox, datetime, class, min_score, run, scene: as the gateway's export has them. */
  readonly words: Readonly<Record<string, string>>;
}

const formatOf = ({ format, file }: ExportRequest): string => {
  if (format !== null) return format;
  const ending = extname(file ?? "")
    .slice(1)
    .toLowerCase();
  if (ending === "") return "geojson";
  const found = detectionFormats.find((name) => detectionFiles[name].ending === ending);
  if (found !== undefined) return found;
  throw new SwathError("config", {
    what: `no format of ".${ending}"`,
    wanted: detectionFormats.map((name) => `.${detectionFiles[name].ending}`).join(", "),
    got: file ?? "",
    hint: "say it with --format",
    field: "format",
  });
};

/**
 * The detections of finished runs as one file, in parts as they become ready. Throws `SwathError`: "config" for a query that is not
 * right or names what is not there, "storage" for a folder that is none.
 */
export async function* exportDetections(request: ExportRequest, { note }: Notes): AsyncGenerator<Uint8Array> {
  const query = readExportQuery({ ...request.words, format: formatOf(request) });
  runsIn(request.runs);
  const { archive, refresh } = runArchive(request.runs, { note });
  await refresh();
  yield* detectionFiles[query.format].encode(grouped(exportedDetections(archive, query)));
}
