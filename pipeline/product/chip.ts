import { SwathError } from "../errors.ts";
import type { PixelWindow, Raster } from "../raster/raster.ts";
import { ByteReader, ByteWriter } from "./byte-cursor.ts";
import { encodeImage, type Image8 } from "./image-codec.ts";
import { applyStretch, stretchOver } from "./stretch.ts";

/**
 * Chips: the picture that goes with a detection, for people to look at. All chips of an acquisition travel in one
 * payload, each a WebP of its own: true colour where the raster has red, green and blue, else grey from its first band.
 * Wire format: docs/formats.md.
 */
export const chipsVersion = 1;

/** A cut-out for one detection. */
export interface ChipCutOut {
  /** Position in the detection batch of the same acquisition. */
  readonly detectionIndex: number;
  /** Where the cut-out lies, in scene pixels. */
  readonly window: PixelWindow;
  /** `window.width × window.height`. */
  readonly raster: Raster;
}

/** A cut-out whose pixels are read when its turn comes and let go afterwards. */
export interface PlannedCutOut extends Omit<ChipCutOut, "raster"> {
  readonly read: () => Promise<Raster>;
}

/** A chip as it arrives. */
export interface Chip {
  readonly detectionIndex: number;
  readonly window: PixelWindow;
  /** A complete WebP file of `window.width × window.height` pixels. */
  readonly webp: Uint8Array;
}

const maxChips = 1_000_000;
const maxCoordinate = 2 ** 31;
const maxSide = 16_383;

const planeOf = (raster: Raster, commonName: string): number =>
  raster.bands.findIndex((band) => band.commonName === commonName);

const pictureOf = (raster: Raster): Image8 => {
  const { width, height, valid } = raster;
  const rgb = ["red", "green", "blue"].map((name) => planeOf(raster, name));
  const chosen = rgb.includes(-1) ? [0] : rgb;
  const shown = chosen.flatMap((b) => raster.planes[b] ?? []);
  if (shown.length === 0) {
    throw new SwathError("config", { what: "chip", wanted: "a raster with bands", got: "none" });
  }
  // One stretch for all three, else the colours lie.
  const ends = shown.map((plane) => stretchOver(plane, valid));
  const low = Math.min(...ends.map((end) => end.low));
  const high = Math.max(...ends.map((end) => end.high));
  const codes = shown.map((plane) => applyStretch(plane, { low, high }));
  if (codes.length === 1) return { width, height, channels: 1, data: codes[0]! };
  const data = new Uint8Array(3 * width * height);
  codes.forEach((plane, channel) => {
    for (let i = 0; i < plane.length; i++) data[3 * i + channel] = plane[i]!;
  });
  return { width, height, channels: 3, data };
};

/**
 * One payload for all `chips`, in their order; also for none, or one.
 * Throws `SwathError("config")` for a quality outside 1…100 or a raster that is not of its window's size.
 */
export const encodeChips = async (
  chips: readonly (ChipCutOut | PlannedCutOut)[],
  { quality }: { readonly quality: number },
): Promise<Uint8Array> => {
  const out = new ByteWriter();
  out.u8(chipsVersion);
  out.varint(chips.length);
  for (const chip of chips) {
    const { detectionIndex, window } = chip;
    const raster = "read" in chip ? await chip.read() : chip.raster;
    if (raster.width !== window.width || raster.height !== window.height) {
      const wanted = `${window.width} × ${window.height} pixels`;
      throw new SwathError("config", { what: "chip", wanted, got: `${raster.width} × ${raster.height}` });
    }
    for (const value of [detectionIndex, window.x, window.y, window.width, window.height]) out.varint(value);
    out.block(await encodeImage(pictureOf(raster), "webp", quality));
  }
  return out.finish();
};

/** What `encodeChips` was given, as pictures. Throws `SwathError("link")` for damaged bytes or an unknown version. */
export const decodeChips = (bytes: Uint8Array): readonly Chip[] => {
  const input = new ByteReader("chips", bytes);
  input.version(chipsVersion);
  const count = input.varint("number of chips", maxChips);
  const chips: Chip[] = [];
  while (chips.length < count) {
    const detectionIndex = input.varint("detection index", maxCoordinate);
    const x = input.varint("column", maxCoordinate);
    const y = input.varint("row", maxCoordinate);
    const width = input.varint("width", maxSide);
    const height = input.varint("height", maxSide);
    const webp = input.block("picture").slice();
    chips.push({ detectionIndex, window: { x, y, width, height }, webp });
  }
  input.end();
  return chips;
};
