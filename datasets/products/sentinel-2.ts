import { basename, dirname, posix } from "node:path";
import { timeInName } from "../acquisition-time.ts";
import { parseInstant } from "../../pipeline/units.ts";
import type { FactFinder } from "./product-facts.ts";
import type { PartFinder } from "./product-part.ts";
import { xmlElements, xmlNumber, xmlText } from "./xml-element.ts";

/** Bands in the order of `band_id` in MTD_MSIL1C.xml and MTD_MSIL2A.xml. */
const bandsById = "B01 B02 B03 B04 B05 B06 B07 B08 B8A B09 B10 B11 B12".split(" ");

/** `S2B_MSIL2A_20240603T104129_N0510_R008_T31TCJ_20240603T135421`: platform, level, baseline. */
const productName = /S2([A-D])_MSIL(1C|2A)_\d{8}T\d{6}_N(\d{4})_R\d{3}_T\d\d[A-Z]{3}/;
/** Also `L2A_T31TCJ_…_B02_10m` and `T31TCJ_…_B02`, as the files of a product are called. */
const imageName = /(?:^|_)T\d\d[A-Z]{3}_\d{8}T\d{6}_(B(?:0[1-9]|1[0-2]|8A))(?:_\d\dm)?(?=[_.])/;
const anyBand = /(?:^|[_.-])(B(?:0[1-9]|1[0-2]|8A))(?:_\d\dm)?(?=[_.-]|$)/;
const metadataName = /^(?:MTD_MSIL(?:1C|2A)|S2[A-D]_OPER_MTD_(?:SAFL1C|L2A).*)\.xml$/i;

/** GRANULE/…/IMG_DATA/R10m/file: the metadata lies four folders above; one more for those who nest. */
const levelsAbove = 5;

/** Since baseline 04.00 (25 January 2022, and all that was reprocessed since) 1,000 is added to every count. */
const offsetSince = 400;
const quantification = 10_000;

interface Calibration {
  readonly scale: number;
  readonly offset: number;
}

/** What the product's own metadata says of a band: reflectance = (count + ADD_OFFSET) / QUANTIFICATION_VALUE. */
const calibrationIn = (xml: string, band: string): Calibration | null => {
  const perUnit = xmlNumber(xml, "BOA_QUANTIFICATION_VALUE") ?? xmlNumber(xml, "QUANTIFICATION_VALUE");
  if (perUnit === null || perUnit <= 0) return null;
  const offsets = [...xmlElements(xml, "BOA_ADD_OFFSET"), ...xmlElements(xml, "RADIO_ADD_OFFSET")];
  const own = offsets.find(({ attributes }) => bandsById[Number(attributes["band_id"])] === band);
  const added = own === undefined ? 0 : Number(own.text);
  return Number.isFinite(added) ? { scale: 1 / perUnit, offset: added / perUnit } : null;
};

/**
 * What a file of a Sentinel-2 product is worth, by `MTD_MSIL1C.xml` or `MTD_MSIL2A.xml` above it, else by the baseline in the
 * product's name or in what the dataset says (Sentinel-2 Products Specification Document, issue 14.9 and later). `null` for a file that
 * is none.
 */
export const sentinel2Facts: FactFinder = async (path, clues) => {
  const name = basename(path);
  const product = productName.exec(path);
  const band =
    imageName.exec(name)?.[1] ??
    (product ? anyBand.exec(name.replace(/\.[^.]*$/, ""))?.[1] : undefined) ??
    // Only a dataset of Sentinel-2 speaks of a baseline.
    (clues.baseline === null ? undefined : clues.band);
  if (band === undefined || band === null) return null;
  const metadata = await clues.find(path, metadataName, levelsAbove);
  const xml = metadata === null ? null : await clues.read(metadata);
  const told = xml === null || !bandsById.includes(band) ? null : calibrationIn(xml, band);
  const satellite =
    product?.[1] ?? /Sentinel-2([A-D])/.exec(xmlText(xml ?? "", "SPACECRAFT_NAME") ?? "")?.[1];
  const start = xmlText(xml ?? "", "DATATAKE_SENSING_START") ?? xmlText(xml ?? "", "PRODUCT_START_TIME");
  const facts = {
    platform: satellite === undefined ? "sentinel-2" : `sentinel-2${satellite.toLowerCase()}`,
    acquiredAt: timeInName(name) ?? timeInName(product?.[0] ?? "") ?? parseInstant(start ?? ""),
  };
  const worth = (known: Calibration, notes: readonly string[] = []) => ({
    ...facts,
    bands: [
      {
        name: band,
        ...known,
        ...(clues.isOffsetApplied ? { offset: 0 } : {}),
        nodata: 0,
        unit: "reflectance" as const,
      },
    ],
    notes,
  });
  if (told !== null) return worth(told);
  const baseline = Number(product?.[3] ?? clues.baseline ?? Number.NaN);
  if (Number.isFinite(baseline)) {
    const offset = baseline >= offsetSince ? -0.1 : 0;
    return worth({ scale: 1 / quantification, offset });
  }
  const where = dirname(path);
  const note =
    `${where}: no MTD_MSIL1C.xml, MTD_MSIL2A.xml or product name says the processing baseline: took reflectance = count / ${quantification}; ` +
    "products since baseline 04.00 (January 2022) want --reflectance-offset -0.1 as well";
  return worth({ scale: 1 / quantification, offset: 0 }, [note]);
};

/** `T31TCJ_20230603T104129_B02_10m`, `L2A_T31TCJ_…_TCI_10m`: tile and time, content, pixel size. */
const partName = /(?:^|_)(T\d\d[A-Z]{3}_\d{8}T\d{6})_([A-Z0-9]{3})(?:_(\d\d)m)?\.\w+$/;
/** Before December 2016: `S2A_OPER_MSI_L1C_TL_EPA__20160930T190144_A002049_T31TCJ_B02.jp2`. */
const oldPartName = /^(S2[A-D]_OPER_.*_T\d\d[A-Z]{3})_([A-Z0-9]{3})\.\w+$/;

/**
 * A file of a Sentinel-2 product: below its `.SAFE`, or called as there. Bands are imagery; TCI is a picture of them; SCL, AOT, WVP, the masks
 * of QI_DATA and previews are not.
 */
export const sentinel2Part: PartFinder = (path) => {
  const folders = path.split("/").slice(0, -1);
  const safe = folders.findIndex((folder) => /^S2[A-D]_.*\.SAFE$/i.test(folder));
  const granule = folders.findIndex((_, i) => i > safe && folders[i - 1] === "GRANULE");
  const name = posix.basename(path);
  const [, tile, content = "", size] = partName.exec(name) ?? oldPartName.exec(name) ?? [];
  if (safe < 0 && tile === undefined) return null;
  // R10m, R20m and R60m lie beside each other and belong together.
  const above = folders.filter((folder) => !/^R\d0m$/.test(folder)).join("/");
  const product = safe < 0 ? `${above}/${tile}` : folders.slice(0, Math.max(safe, granule) + 1).join("/");
  const safeName = folders[safe] ?? "";
  const isOneTile = productName.test(safeName);
  const isImage = tile !== undefined && !folders.includes("QI_DATA");
  const isBand = isImage && bandsById.includes(content);
  return {
    // The granule of a product of one tile adds nothing, and its auxiliary files lie outside.
    product: isOneTile ? folders.slice(0, safe + 1).join("/") : product,
    name: isOneTile ? safeName.replace(/\.SAFE$/i, "") : (folders[granule] ?? tile ?? safeName),
    role: isBand ? "bands" : isImage && content === "TCI" ? "picture" : "aside",
    band: isBand ? content : null,
    metres: Number(size ?? 0),
  };
};
