import type { Affine } from "../../pipeline/raster/georeference.ts";
import { xmlElements } from "../products/xml-element.ts";
import { affineThrough, type TiePoint } from "./affine-fit.ts";
import { type NoPlace, rpcAlone } from "./coordinate-system.ts";
import type { PlaceClue } from "./image-place.ts";
import { systemOfWkt } from "./wkt.ts";

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" };
const plainText = (text: string): string =>
  text.replaceAll(/&(quot|apos|lt|gt|amp);/g, (_, name: string) => entities[name] ?? "");

const transformOf = (xml: string): Affine | NoPlace | null => {
  const [element] = xmlElements(xml, "GeoTransform");
  if (element === undefined) return null;
  const numbers = element.text.split(",").map(Number);
  const [c, a, b, f, d, e] = numbers as [number, number, number, number, number, number];
  if (numbers.length !== 6 || !numbers.every(Number.isFinite) || a * e - b * d === 0) {
    return { why: "the GeoTransform of its .aux.xml places no pixel" };
  }
  return [c, a, b, f, d, e].join() === "0,1,0,0,0,1"
    ? { why: "the GeoTransform of its .aux.xml is the identity" }
    : [a, b, c, d, e, f];
};

const attribute = (text: string, name: string): string | null =>
  new RegExp(`\\s${name}\\s*=\\s*"([^"]*)"`).exec(text)?.[1] ?? null;

const tiePointsOf = (xml: string): readonly TiePoint[] =>
  [...xml.matchAll(/<GCP(\s[^>]*)>/g)].map(([, text = ""]) => {
    const number = (name: string): number => Number(attribute(text, name) ?? NaN);
    return { column: number("Pixel"), row: number("Line"), x: number("X"), y: number("Y") };
  });

/**
 * What GDAL's `.aux.xml` (Persistent Auxiliary Metadata) says of the place: `SRS`, `GeoTransform`, and ground control points as far as
 * they lie on one straight grid.
 */
export const parseAuxXml = (xml: string): PlaceClue => {
  const [, list = "", points = ""] = /<GCPList(\s[^>]*)?>(.*?)<\/GCPList>/s.exec(xml) ?? [];
  const wkt = xmlElements(xml, "SRS")[0]?.text ?? attribute(list, "Projection") ?? "";
  const told = transformOf(xml);
  const fitted = points === "" ? null : affineThrough(tiePointsOf(points));
  const bent = points === "" ? null : { why: "its ground control points do not lie on one straight grid" };
  const rpc = /<Metadata\s[^>]*domain="RPC"/.test(xml) ? rpcAlone : null;
  return {
    transform: told ?? fitted ?? bent ?? rpc,
    system: wkt === "" ? null : systemOfWkt(plainText(wkt)),
  };
};
