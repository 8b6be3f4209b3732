import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import { sumOf } from "../statistics.ts";
import type { PolicySummary } from "../summary/run-summary.ts";
import type { PolicyRun } from "./policy-run.ts";

type Loss = PolicySummary["losses"][number];

/** Tiles that were requested too late. */
const goneOf = ({ asked }: PolicyRun["satellites"][number]): number =>
  asked?.tiles.filter(({ answer }) => answer === "gone").length ?? 0;

/** Everything that was taken and did not arrive at the first try: what, why, how often, how much. Nothing at all is no row. */
export const lossesOf = (run: PolicyRun, records: readonly AcquisitionRecord[]): readonly Loss[] => {
  const reasons = [...new Set(records.flatMap(({ failure }) => failure ?? []))];
  const products = run.satellites.flatMap((ledger) => ledger.products);
  const heard = run.stations.flatMap(({ satellites }) => satellites);
  const fated = (fate: string, reason: string): Loss => {
    const hit = products.filter((product) => product.fate === fate);
    return { what: "product", reason, count: hit.length, bytes: sumOf(hit, ({ size }) => size) };
  };
  const frames = (reason: string, count: number): Loss => ({
    what: "frame",
    reason,
    count,
    bytes: count * frameBytes,
  });
  const screened = (reason: string, count: number, bytes: number): Loss => ({
    what: "tile",
    reason,
    count,
    bytes,
  });
  const losses: Loss[] = [
    ...reasons.map((reason): Loss => {
      const count = records.filter(({ failure }) => failure === reason).length;
      return { what: "acquisition", reason, count, bytes: 0 };
    }),
    screened(
      "empty",
      sumOf(records, ({ emptyTiles }) => emptyTiles),
      sumOf(records, ({ emptyBytes }) => emptyBytes),
    ),
    screened(
      "cloudy",
      sumOf(records, ({ cloudyTiles }) => cloudyTiles),
      sumOf(records, ({ cloudyBytes }) => cloudyBytes),
    ),
    screened(
      "not numbers",
      sumOf(records, ({ upsets }) => upsets?.lostTiles ?? 0),
      sumOf(records, ({ upsets }) => upsets?.lostBytes ?? 0),
    ),
    screened("no longer on board", sumOf(run.satellites, goneOf), 0),
    fated("store-full", "store-full"),
    fated("on-board", "horizon"),
    frames(
      "corrupt",
      sumOf(heard, ({ corruptFrames }) => corruptFrames),
    ),
    frames(
      "not heard",
      sumOf(heard, ({ lostFrames }) => lostFrames),
    ),
  ];
  return losses.filter(({ count }) => count > 0);
};
