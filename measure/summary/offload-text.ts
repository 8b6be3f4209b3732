import { formatBytes, formatCount, formatDuration, formatJoules } from "../../pipeline/format.ts";
import type { OffloadSummary, SharedWork } from "./offload-summary.ts";

/** Shared work in half a sentence. */
export const sharedWorkText = ({
  acquisitions,
  tiles,
  pixelBytes,
  computeSeconds,
  computeJoules,
}: SharedWork): string =>
  acquisitions === 0
    ? "no tiles were computed by another satellite"
    : `${formatCount(tiles)} tiles of ${formatCount(acquisitions)} acquisition${acquisitions === 1 ? "" : "s"} computed by another satellite: ${formatBytes(pixelBytes)} of pixels handed over, ${formatDuration(computeSeconds)} and ${formatJoules(computeJoules)} of work`;

/** What sharing out bought, in half a sentence; `null` where that was not flown. */
export const sharedBenefitText = ({ flown }: OffloadSummary): string | null => {
  if (flown === null) return null;
  const { shared, apart } = flown;
  const time = (seconds: number | null): string => (seconds === null ? "–" : formatDuration(seconds));
  return `${formatCount(shared.products)} products down, half of them after ${time(shared.median)}; each its own: ${formatCount(apart.products)} after ${time(apart.median)}`;
};
