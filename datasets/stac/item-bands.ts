import { bandInFileName, commonNameAt, commonNameOf } from "../band-name.ts";
import { type ToldBand, unitOf } from "../told-band.ts";
import type { StacAsset, StacItem } from "./schema.ts";

const nodataOf = (nodata: number | string | null | undefined): number | null | undefined =>
  typeof nodata === "string" ? Number(nodata.replace(/^([-+]?)inf(?:inity)?$/i, "$1Infinity")) : nodata;

/** The first that says something; `null` in JSON says nothing. */
const firstSaid = <T>(...values: readonly (T | null | undefined)[]): T | undefined =>
  values.find((value) => value != null) ?? undefined;

/**
 * The entry for band `i`. A list that has one entry for several bands means all of them, as many writers have it; any other count that does
 * not fit is read from the first band on, and leaves the rest unsaid.
 */
const entryAt = <T>(list: readonly T[] | undefined, i: number, count: number): T | undefined =>
  list?.length === 1 && count > 1 ? list[0] : list?.[i];

/** Where an item says that its counts had the offset taken out already, whatever `raster:bands` says. */
export const isOffsetApplied = ({ properties }: StacItem): boolean =>
  properties["earthsearch:boa_offset_applied"] === true || properties["sentinel:boa_offset_applied"] === true;

/** The light of a band without a common name, by its wavelength; `undefined` where its name says as much, for that says it finer. */
const lightAt = (micrometres: number | undefined, name: string | undefined): string | undefined => {
  if (micrometres === undefined) return undefined;
  const [told, named] = [commonNameAt(micrometres), name === undefined ? null : commonNameOf(name)];
  const kind = (light: string | null): string | undefined => light?.replace(/\d+$/, "");
  return told === null || kind(told) === kind(named) ? undefined : told;
};

/**
 * What an asset says of its bands: `eo:bands` and `raster:bands` (STAC 1.0), `bands` and the same fields of the asset or the item above them
 * (STAC 1.1), in that order from the nearest. Empty when it says nothing and its key is no band either.
 */
export const assetBands = (stac: StacItem, key: string, asset: StacAsset): readonly ToldBand[] => {
  const named = asset["eo:bands"] ?? asset.bands ?? [];
  const raster = asset["raster:bands"] ?? asset.bands ?? [];
  const keyed = bandInFileName(`${key}.tif`)?.band ?? null;
  const count = Math.max(named.length, raster.length, keyed === null ? 0 : 1);
  const applied = isOffsetApplied(stac);
  return Array.from({ length: count }, (_, i): ToldBand => {
    const said = named[i];
    const of = entryAt(raster, i, count);
    const name = firstSaid(said?.name, count === 1 ? keyed : null);
    const wavelength = firstSaid(
      said?.center_wavelength,
      said?.["eo:center_wavelength"],
      asset["eo:center_wavelength"],
    );
    const commonName =
      firstSaid(said?.common_name, said?.["eo:common_name"], asset["eo:common_name"]) ??
      lightAt(wavelength, name);
    const offset = firstSaid(
      of?.offset,
      of?.["raster:offset"],
      asset["raster:offset"],
      stac.properties["raster:offset"],
    );
    return {
      name,
      commonName,
      scale: firstSaid(
        of?.scale,
        of?.["raster:scale"],
        asset["raster:scale"],
        stac.properties["raster:scale"],
      ),
      offset: applied && offset !== undefined ? 0 : offset,
      nodata: nodataOf(firstSaid(of?.nodata, asset.nodata, stac.properties.nodata)),
      unit: unitOf(firstSaid(of?.unit, asset.unit, stac.properties.unit)),
    };
  });
};

const baselineKeys = [
  "s2:processing_baseline",
  "sentinel2:processing_baseline",
  "sentinel:processing_baseline",
  "processing:baseline",
  "processing:version",
];

/**
 * The processing baseline of a Sentinel-2 item, as product names have it (`05.09` is 509); `null` for any other item, and for one that does
 * not say.
 */
export const sentinel2Baseline = ({ id, properties }: StacItem): number | null => {
  const isSentinel2 = /^sentinel-?2/i.test(properties.platform ?? "") || /^S2[A-D]_/.test(id);
  if (!isSentinel2) return null;
  const textOf = (value: unknown): string =>
    typeof value === "number" ? value.toFixed(2).padStart(5, "0") : typeof value === "string" ? value : "";
  const told = baselineKeys
    .map((key) => /^\s*N?(\d\d)\.?(\d\d)\s*$/.exec(textOf(properties[key])))
    .find((found) => found !== null);
  const inName = /_N(\d\d)(\d\d)_/.exec(id);
  const [, major, minor] = told ?? inName ?? [];
  return major === undefined ? null : Number(`${major}${minor}`);
};

/** What a user may want to know of how an item's bands were taken. */
export const bandNotes = (stac: StacItem): readonly string[] =>
  isOffsetApplied(stac)
    ? [
        `item "${stac.id}": its counts have the offset taken out already (boa_offset_applied), so none is added`,
      ]
    : [];
