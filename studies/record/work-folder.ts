import { basename, dirname, join } from "node:path";

/** Where the mission record of a run stands while it is at work: hidden, beside where the run's folder will be. */
export const workFolder = (runFolder: string): string =>
  join(dirname(runFolder), `.${basename(runFolder)}.mission`);

/** The run of such a folder; `null` for another name. */
export const runOfWorkFolder = (name: string): string | null => /^\.(.+)\.mission$/.exec(name)?.[1] ?? null;

/** The writer of a record touches its head so often while it lives; ms. */
export const touchEvery = 2_000;

/** Not touched for so long, it does not live any more; ms. */
export const silentAfter = 15_000;
