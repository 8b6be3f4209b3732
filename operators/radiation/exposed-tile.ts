import type { UpsetPlan } from "../../pipeline/mission/upset-plan.ts";
import { upsetsIn } from "./upset-arrivals.ts";
import type { RadiationExposure } from "./exposure.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import type { SampleArray } from "../../pipeline/raster/samples.ts";
import type { SeedKey } from "../../pipeline/seeded.ts";
import type { Instant } from "../../pipeline/units.ts";
import { costOf } from "../../pipeline/mission/protection-cost.ts";
import { exposedBits, settleCopies, settleWords, turnedBits, type Settled } from "./word-memory.ts";

/** A captured tile after its wait in memory. */
export interface FoundTile {
  /** The raster given where nothing was turned over. */
  readonly raster: Raster;
  readonly upsets: number;
  readonly corrected: number;
}

/**
 * The samples of a tile after they lay in memory from `from` to `to`. A checksum does not help them: there is no other copy.
 * A word that its code cannot correct is used as it stands, one in a million samples.
 */
export const exposeTile = (
  raster: Raster,
  exposure: RadiationExposure,
  { factor, protection }: UpsetPlan,
  key: readonly SeedKey[],
  from: Instant,
  to: Instant,
): FoundTile => {
  const data = 8 * raster.planes.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const bits = exposedBits(data, protection);
  const copies = Array.from({ length: costOf(protection).copies }, (_, copy) =>
    upsetsIn(exposure, { key: [...key, copy], bits, factor }, from, to).map(({ bit }) => bit),
  );
  const upsets = copies.reduce((sum, { length }) => sum + length, 0);
  if (upsets === 0) return { raster, upsets, corrected: 0 };
  const { left, corrected }: Settled =
    protection === "ecc"
      ? settleWords(copies.flat(), data)
      : protection === "vote"
        ? settleCopies(copies)
        : { left: turnedBits(copies.flat()), corrected: 0, detected: 0 };
  return { raster: left.length === 0 ? raster : withSampleFlips(raster, left), upsets, corrected };
};

/** The raster with bits of its samples turned over: bit 0 is the lowest of the first byte of the first plane. */
export const withSampleFlips = (raster: Raster, flips: readonly number[]): Raster => {
  const planes: SampleArray[] = [...raster.planes];
  const copied = new Set<number>();
  for (const flip of flips) {
    let byte = Math.floor(flip / 8);
    let plane = 0;
    for (; byte >= (planes[plane] as SampleArray).byteLength; plane++)
      byte -= (planes[plane] as SampleArray).byteLength;
    // Others hold the same pixels: neighbours, and whoever cuts chips.
    if (!copied.has(plane)) planes[plane] = (planes[plane] as SampleArray).slice();
    copied.add(plane);
    const { buffer, byteOffset, byteLength } = planes[plane] as SampleArray;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    bytes[byte] = (bytes[byte] as number) ^ (1 << (flip % 8));
  }
  return { ...raster, planes };
};
