import { basename, dirname, join } from "node:path";

/**
 * What a run has done so far lies here until its folder stands: beside where that will be, hidden, and without the file that marks a run, so
 * that it is not mistaken for a result.
 */
export const partialFolder = (runFolder: string): string =>
  join(dirname(runFolder), `.${basename(runFolder)}.partial`);
