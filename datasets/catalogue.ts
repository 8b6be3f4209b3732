import { crc32 } from "node:zlib";
import type { Label } from "../pipeline/detection/detection.ts";
import type { SwathError } from "../pipeline/errors.ts";
import type { Scene } from "../pipeline/raster/scene.ts";
import type { Access } from "./access.ts";
import type { Traffic } from "./http/traffic.ts";
import type { LabelTally } from "./labels/label-tally.ts";

/** One file of a scene, and which of its bands (counting from 0) hold which bands of the scene. */
export interface SceneAsset {
  /** Absolute, or an address without its query: see `Access`. */
  readonly path: string;
  readonly bands: readonly { readonly name: string; readonly index: number }[];
}

/** A scene and where its pixels and labels are. */
export interface SceneEntry {
  readonly scene: Scene;
  readonly assets: readonly SceneAsset[];
  /** How the stored picture is to be turned to stand upright (EXIF orientation, 2 to 8); absent: it stands as stored. */
  readonly orientation?: number;
  /** `null` when nobody labelled the scene; empty when somebody looked and found nothing. */
  readonly labels: readonly Label[] | null;
}

/** Something that was left out, and why. */
export interface Skipped {
  readonly scene: string;
  readonly error: SwathError;
}

/** What a reference turned out to hold: plain data, no open files. */
export interface Catalogue {
  readonly name: string;
  readonly entries: readonly SceneEntry[];
  readonly skipped: readonly Skipped[];
  /** What was assumed and the user may want to correct, a sentence each. */
  readonly notes: readonly string[];
  /** What reached its files, and reaches them again. */
  readonly access?: Access;
  /** What was fetched from elsewhere to find that out. */
  readonly fetched?: Traffic;
  /** What became of every label that was read; absent until labels were looked for. */
  readonly labelTally?: LabelTally;
}

/** How to take what the files do not say. */
export interface CatalogueOptions {
  /** How files are reached; default: from where they lie, bounded as `openAccess` has it. */
  readonly access?: Access;
  /** Items of a STAC document or search that are taken at most. */
  readonly maxItems?: number;
  /** Throw at the first scene or label that is not right, instead of leaving it out. */
  readonly strict?: boolean;
  /** A COCO, CSV or GeoJSON file, a data.yaml, or a folder of YOLO, Pascal VOC, DOTA or GeoJSON files named like the images. */
  readonly labels?: string;
  /** Names for the numbers of YOLO files. */
  readonly classNames?: readonly string[];
  /** Names for the bands of multi-band files, in order. */
  readonly bandNames?: readonly string[];
  /** Reflectance of one count, e.g. 1 / 65535, for integers and floats; wins over what files say and over what would be assumed. */
  readonly reflectanceScale?: number;
  /** Reflectance of a count of 0, e.g. −0.1; wins as `reflectanceScale` does. */
  readonly reflectanceOffset?: number;
}

/** A scene's id is a file name, with room for an extension and a number behind it. */
const longestId = 120;

/**
 * An id from any text: what `Scene.id` allows, and nothing else. Accents fall off; letters and digits of other scripts become their code
 * points, so that names that differ stay different (`机场` is `u673au573a`); anything else an underscore.
 */
export const sceneId = (text: string): string => {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\p{ASCII}]/gu, (letter) =>
      /[\p{L}\p{N}]/u.test(letter) ? `u${letter.codePointAt(0)!.toString(16)}` : "_",
    )
    .replaceAll(/[^A-Za-z0-9._-]+/g, "_")
    .replaceAll(/^[._-]+|[._-]+$/g, "");
  if (plain.length <= longestId) return plain || "scene";
  // The end of a long name tells it from the next one; a checksum does so in any case.
  const sum = crc32(Buffer.from(plain)).toString(16).padStart(8, "0");
  return `${plain.slice(0, longestId - 9)}-${sum}`;
};
