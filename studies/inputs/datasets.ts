/** What a command may do with imagery and labels: look at them, and make a collection of them. */
export type { Catalogue } from "../../datasets/catalogue.ts";
export { catalogue, type DatasetOptions } from "../../datasets/dataset.ts";
export { importDataset } from "../../datasets/import.ts";
