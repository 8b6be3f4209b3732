import { SwathError } from "../../pipeline/errors.ts";

/** The folder of the rendered dataset that `reference` names. Not built yet. */
export const ensureHarbour = (reference: string, _cacheDir?: string): Promise<string> =>
  Promise.reject(new SwathError("dataset", { what: `${reference} cannot be rendered yet` }));
