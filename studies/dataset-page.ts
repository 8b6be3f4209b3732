import type { Catalogue } from "../datasets/catalogue.ts";
import { openCatalogue } from "../datasets/dataset.ts";
import { datasetPage } from "../measure/report/dataset-report.ts";
import { labelRows } from "./label-rows.ts";

/** The page of `swath dataset info --html`: labels drawn on their scenes, and what became of each. Throws as reading a file does. */
export const labelPage = (found: Catalogue): Promise<string> => {
  const dataset = openCatalogue(found);
  const report = {
    name: found.name,
    scenes: found.entries,
    rows: labelRows(found),
    leftOut: found.skipped.map(({ error }) => error.message),
    notes: found.notes,
  };
  return datasetPage(report, (scene) => dataset.open(scene));
};
