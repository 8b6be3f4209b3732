import type { FileBand } from "./raster-file.ts";

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};
const unescapeXml = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|amp);/g, (e) => entities[e] ?? e);

/**
 * What GDAL's private XML field (tag 42112) says of each band: items with the roles `scale`, `offset`, `description`
 * and `unittype`. Anything malformed is passed over, as GDAL does; a scale or offset that is no number counts as absent.
 */
export const readGdalMetadata = (xml: string | null, bandCount: number): readonly FileBand[] => {
  const found = Array.from({ length: bandCount }, () => new Map<string, string>());
  for (const [, attributes = "", text = ""] of (xml ?? "").matchAll(/<Item\b([^<>]*)>([^<]*)<\/Item>/g)) {
    const sample = /\bsample="(\d+)"/.exec(attributes)?.[1];
    const role = /\brole="(\w+)"/.exec(attributes)?.[1];
    if (sample !== undefined && role !== undefined) {
      // GDAL escapes the text once itself and once more as XML.
      found[Number(sample)]?.set(role, unescapeXml(unescapeXml(text)));
    }
  }
  const numberOr = (text: string | undefined, fallback: number): number => {
    const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : fallback;
  };
  return found.map((roles) => ({
    description: roles.get("description") ?? null,
    scale: numberOr(roles.get("scale"), 1),
    offset: numberOr(roles.get("offset"), 0),
    unit: roles.get("unittype") ?? null,
  }));
};

/** GDAL's nodata text (tag 42113); `null` when absent or no number. */
export const parseNodata = (text: string | null): number | null => {
  const trimmed = text?.trim() ?? "";
  if (/^[-+]?nan$/i.test(trimmed)) return Number.NaN;
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(trimmed);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  const value = trimmed === "" ? Number.NaN : Number(trimmed);
  return Number.isNaN(value) ? null : value;
};
