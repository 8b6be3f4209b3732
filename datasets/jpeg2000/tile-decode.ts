import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import { bytesPerSample } from "../../pipeline/raster/samples.ts";
import { decodeApart } from "../decoding/decode-pool.ts";
import { type Block, blockOf } from "../geotiff/block.ts";
import type { MainHeader } from "./codestream.ts";
import { asComponent } from "./tile-codestream.ts";

/**
 * The components that one decode hands out: all of a picture of three, else one. The decoder works on all of them every time; what
 * comes out is what its interface has room for.
 */
export const componentGroups = ({ components, sampleType }: MainHeader): readonly (readonly number[])[] =>
  components === 3 && sampleType === "uint8"
    ? [[0, 1, 2]]
    : Array.from({ length: components }, (_, component) => [component]);

/** Memory of the decoder: 32 bits for each sample of all components. */
export const decoderBytes = ({ components }: MainHeader, { width, height }: PixelWindow): number =>
  4 * width * height * components;

/**
 * Decodes `group` of a codestream that starts at the origin and covers `area`. Throws `RangeError` where OpenJPEG finds it broken.
 */
export const decodeGroup = async (
  codestream: Uint8Array,
  header: MainHeader,
  area: PixelWindow,
  group: readonly number[],
): Promise<Block> => {
  const { width, height } = area;
  const { sampleType, components } = header;
  const [first = 0] = group;
  const isWrapped = (components > 1 && group.length === 1) || sampleType === "int8";
  const source = isWrapped ? asComponent(codestream, header, area, first) : codestream;
  const wide = sampleType !== "uint8";
  const decodedBytes = width * height * group.length * (wide ? 2 : 1);
  const data = await decodeApart({
    kind: "jpeg2000",
    source,
    decodedBytes,
    width,
    height,
    components: group.length,
  });
  const samples = sampleType === "int8" ? narrowed(data) : data;
  return blockOf(samples, {
    width,
    rows: height,
    interleaved: group.length,
    sampleType,
    predictor: 1,
    littleEndian: true,
  });
};

/** 16-bit samples whose values fit 8, cut to 8. */
const narrowed = (data: Uint8Array): Uint8Array => {
  const wide = new Int16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  return new Uint8Array(Int8Array.from(wide).buffer);
};

/** What a decoded group weighs in a cache. */
export const groupBytes = (
  { sampleType }: MainHeader,
  { width, height }: PixelWindow,
  group: readonly number[],
): number => width * height * group.length * bytesPerSample(sampleType);
