import { SwathError } from "../../pipeline/errors.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";

/**
 * The satellites that take pictures: the first `count` of a constellation, or all. The others compute, carry and send. Throws
 * `SwathError("config")` for more than there are.
 */
export const imagersOf = (satellites: readonly Satellite[], count: number | null): readonly Satellite[] => {
  if (count === null) return satellites;
  if (count <= satellites.length) return satellites.slice(0, count);
  throw new SwathError("config", {
    what: "--imagers",
    wanted: `at most ${satellites.length}, the satellites of the constellation`,
    got: `${count}`,
    field: "imagers",
  });
};
