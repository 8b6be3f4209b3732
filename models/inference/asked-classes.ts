import type { Detector } from "../../pipeline/detection/detector.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { someOf } from "../../pipeline/format.ts";

/** Throws `SwathError("config")` for a class that the model does not have, with those that it has. */
export const requireClasses = (asked: readonly string[], classes: readonly string[], where: string): void => {
  const unknown = asked.find((name) => !classes.includes(name));
  if (unknown === undefined) return;
  throw new SwathError("config", {
    what: `--classes for ${where}`,
    wanted: `some of ${someOf(classes)}`,
    got: `"${unknown}"`,
    field: "classes",
  });
};

/**
 * A detector that reports the asked classes alone; class numbers stay those of the model. It serves board and ground alike, so that
 * both report the same.
 */
export const reportingOnly = (
  { info, detect }: Pick<Detector, "info" | "detect">,
  asked: readonly string[],
): Detector["detect"] => {
  const wanted = new Set(asked.map((name) => info.classes.indexOf(name)));
  return async (tile, signal, flips) =>
    (await detect(tile, signal, flips)).filter(({ classId }) => wanted.has(classId));
};
