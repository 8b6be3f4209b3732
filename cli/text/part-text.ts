import { formatCount } from "../../pipeline/format.ts";
import type { FinishedPart } from "../../studies/array/scene-part.ts";

/** Says that a part is whole, and what comes next. */
export const printPart = ({ folder, shard, units, before }: FinishedPart, what: string): void => {
  const earlier = before === 0 ? "" : `, ${formatCount(before)} of them by an earlier start`;
  console.log(`part ${shard.index} of ${shard.of}: ${formatCount(units)} ${what}${earlier}\n${folder}`);
  console.log("once all parts are there: swath merge PARTS --out runs/");
};
