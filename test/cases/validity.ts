import { openScene } from "../../datasets/image/file-scene.ts";
import { type CaseCheck, openCase } from "./case.ts";

interface Seen {
  readonly names: readonly string[];
  readonly sums: readonly number[];
  readonly valid: number;
}

/** Sums of the samples that are numbers, and how many pixels are valid in all bands, of the scene at `index`. */
const see = async (path: string, index = 0): Promise<Seen> => {
  const { entries } = await openCase(path);
  const { scene, assets } = entries[index]!;
  await using reader = await openScene(scene, assets);
  const names = scene.bands.map(({ name }) => name);
  const { planes, valid } = await reader.readWindow(
    { x: 0, y: 0, width: scene.width, height: scene.height },
    names,
  );
  const sums = planes.map((plane) => {
    let sum = 0;
    for (const value of plane) if (Number.isFinite(value)) sum += value;
    return Math.trunc(sum);
  });
  const all = scene.width * scene.height;
  return { names, sums, valid: valid?.reduce((count, one) => count + one, 0) ?? all };
};

const pixels = (
  of: string,
  right: string,
  sums: readonly number[],
  valid: number,
  file?: number,
): CaseCheck => ({
  of,
  right,
  ask: async (path) => {
    const seen = await see(path, file);
    const isRight = seen.valid === valid && JSON.stringify(seen.sums) === JSON.stringify(sums);
    return { ours: `${seen.names.join(" ")}: sums ${seen.sums.join(" ")}, ${seen.valid} valid`, isRight };
  },
});

const refused = (of: string, right: string): CaseCheck => ({
  of,
  right,
  mayRefuse: true,
  ask: async (path) => ({ ours: `${(await openCase(path)).entries.length} scenes`, isRight: false }),
});

const reflectance = [830, 920, 695, 698];
const rgb = [2_747_819, 3_437_436, 3_297_381];
const palette = [2_691_804, 3_391_972, 3_252_070];

/** Sums and counts are rasterio's (of the palette: those of the PNG), but for NaN, which is no measurement here. */
export const validity: readonly CaseCheck[] = [
  pixels("imagery/nan-without-tag", "104 of 144 columns are measurements", reflectance, 104 * 144),
  pixels("imagery/nan-with-tag-control", "the same", reflectance, 104 * 144),
  pixels(
    "imagery/msk-sidecar",
    "44 of 144 columns are measurements",
    [13_612_119, 15_114_845, 12_687_171, 13_488_667],
    44 * 144,
  ),
  pixels("imagery/internal-mask-and-nodata", "the mask alone: 63 of 64 rows", [28_224], 4032),
  pixels("imagery/png-icc-wide-gamut", "samples as stored, whatever the profile", rgb, 65_536, 0),
  pixels("imagery/png-icc-wide-gamut", "the same without one", rgb, 65_536, 1),
  pixels("imagery/palette", "red, green, blue (PNG)", palette, 65_536, 0),
  pixels("imagery/palette", "red, green, blue (TIFF), the same", palette, 65_536, 1),
  pixels(
    "imagery/nbits-12",
    "12 bits as GDAL reads them",
    [11_471_336, 12_774_088, 11_088_117, 11_995_858],
    16_384,
  ),
  pixels("imagery/png-4bit-grey", "0 to 15", [150_188], 65_536),
  pixels("imagery/grey-alpha-png", "grey and alpha", [2_747_819, 16_711_680], 65_536),
  refused("imagery/cmyk-jpeg", "refused by name"),
];
