import { segmentFate, type ChannelErrors, type SegmentPlace } from "./channel.ts";
import { frameBytes } from "./frame.ts";
import { checkSymbols, codeblockBytes, interleaveDepth } from "./reed-solomon.ts";

/** The sync marker before the codeblock, and how many of its bits may be wrong. */
const markerBytes = frameBytes - codeblockBytes;
const syncTolerance = 4;
/** Symbols that a codeword may have wrong. */
const correctable = checkSymbols / 2;

/** What a station makes of one frame of which so much was flipped. */
type FrameState = { marker: number; readonly symbols: readonly Set<number>[] };

const isReadable = ({ marker, symbols }: FrameState): boolean =>
  marker <= syncTolerance && symbols.every(({ size }) => size <= correctable);

/** The frames of a segment, counted from its first, that the station cannot read; `null` when it hears nothing of it. */
export type FramesLost = readonly number[] | null;

/**
 * Which frames of a segment do not survive the channel, without any frame: the flipped bits are those that `noisyChannel`
 * flips, and a frame is lost where a codeword has more wrong symbols than Reed–Solomon puts right or the marker is gone.
 * It agrees with real frames through the real decoder but for those, one in billions, that the decoder takes for others.
 */
export const framesLost = (
  errors: ChannelErrors & { readonly seed: number },
  place: SegmentPlace,
  frameCount: number,
): FramesLost => {
  const fate = segmentFate(errors, place);
  if (fate.lost !== null) return null;
  const bits = frameCount * frameBytes * 8;
  const hit = new Map<number, FrameState>();
  for (let at = fate.nextFlip(); at < bits; at = fate.nextFlip()) {
    const frame = Math.floor(at / 8 / frameBytes);
    const offset = (at >>> 3) - frame * frameBytes;
    const state = hit.get(frame) ?? {
      marker: 0,
      symbols: Array.from({ length: interleaveDepth }, () => new Set<number>()),
    };
    hit.set(frame, state);
    if (offset < markerBytes) state.marker++;
    else state.symbols[(offset - markerBytes) % interleaveDepth]!.add(offset);
  }
  return [...hit].flatMap(([frame, state]) => (isReadable(state) ? [] : [frame]));
};
