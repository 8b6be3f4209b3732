import { deflateRawSync, inflateRawSync } from "node:zlib";
import { messageOf } from "../errors.ts";
import type { Affine, Georeference } from "../raster/georeference.ts";
import type { ByteReader } from "./byte-cursor.ts";

/** What a batch says of all its detections at once. */
export interface BatchHead {
  /** `Scene.id`. */
  readonly scene: string;
  readonly georeference: Georeference | null;
  /** Beginning of the digest of the model that made it, where a satellite may have several: 16 hexadecimal digits. */
  readonly model?: string;
}

/** Bounds what a hostile payload can make a station allocate. */
const maxHeadBytes = 1 << 16;
/** Of the grid: 1/16 of a pixel … */
export const finestSubdivision = 4;
/** … to steps of 256 pixels, for scenes of up to 16 million pixels a side. */
export const coarsestSubdivision = -8;

/** Preset dictionary of the head: words that georeferences are made of. Part of format version 1. */
const headDictionary = Buffer.from(
  [
    '"transform":"0.00 0 0.5 0 -0.5 000000" +proj=longlat +datum=WGS84 +no_defs EPSG:4326 EPSG:3857',
    "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs",
    "+proj=utm +zone=1 +south +datum=WGS84 +units=m +no_defs EPSG:327",
    '{"subdivision":"4","scene":"S2A_MSIL2A_2023","crs":"EPSG:326","proj4":"+proj=utm +zone=3',
    ' +datum=WGS84 +units=m +no_defs","transform":"10 0 600000 0 -10 4900020"}',
  ].join("\n"),
);

/** Shortest decimal that reads back as the same number, minus zero included. */
const decimal = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** What a batch says of all its detections at once. */
export const metadataOf = (
  { scene, georeference, model }: BatchHead,
  subdivision: number,
): readonly (readonly [name: string, value: string])[] => [
  ["subdivision", `${subdivision}`],
  ["scene", scene],
  ...(model === undefined ? [] : [["model", model] as const]),
  ...(georeference && georeference.crs !== null ? [["crs", georeference.crs] as const] : []),
  ...(georeference
    ? [
        ["proj4", georeference.proj4] as const,
        ["transform", georeference.transform.map(decimal).join(" ")] as const,
      ]
    : []),
];

/** JSON of one object of strings, raw deflate with the preset dictionary. */
export const packHead = (head: BatchHead, subdivision: number): Uint8Array =>
  deflateRawSync(Buffer.from(JSON.stringify(Object.fromEntries(metadataOf(head, subdivision)))), {
    level: 9,
    dictionary: headDictionary,
  });

const inflated = (input: ByteReader, packed: Uint8Array): string => {
  try {
    return inflateRawSync(packed, {
      dictionary: headDictionary,
      maxOutputLength: maxHeadBytes,
    }).toString();
  } catch (cause) {
    throw input.corrupt("a compressed head", messageOf(cause), cause);
  }
};

const metadataIn = (input: ByteReader, head: string): ReadonlyMap<string, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(head);
  } catch (cause) {
    throw input.corrupt("a head in JSON", messageOf(cause), cause);
  }
  const entries = typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
};

const georeferenceOf = (input: ByteReader, metadata: ReadonlyMap<string, string>): Georeference | null => {
  const proj4 = metadata.get("proj4");
  if (proj4 === undefined) return null;
  const text = metadata.get("transform") ?? "";
  const [a, b, c, d, e, f, ...more] = text.split(" ").map(Number);
  const all = [a, b, c, d, e, f];
  if (more.length > 0 || !all.every(Number.isFinite))
    throw input.corrupt("a transform of six numbers", `"${text}"`);
  return { crs: metadata.get("crs") ?? null, proj4, transform: all as unknown as Affine };
};

/** What `packHead` was given. Throws `SwathError("link")` for anything else. */
export const unpackHead = (
  input: ByteReader,
  packed: Uint8Array,
): BatchHead & { readonly subdivision: number } => {
  const metadata = metadataIn(input, inflated(input, packed));
  const scene = metadata.get("scene");
  const subdivision = Number(metadata.get("subdivision"));
  const known =
    Number.isInteger(subdivision) && subdivision >= coarsestSubdivision && subdivision <= finestSubdivision;
  if (scene === undefined || !known)
    throw input.corrupt("a scene and a grid", `"${scene}", "${subdivision}"`);
  const model = metadata.get("model");
  if (model !== undefined && !/^[0-9a-f]{16}$/.test(model))
    throw input.corrupt("16 hexadecimal digits of a model", `"${model.slice(0, 40)}"`);
  const georeference = georeferenceOf(input, metadata);
  return { scene, georeference, ...(model === undefined ? {} : { model }), subdivision };
};
