import { SwathError } from "../../pipeline/errors.ts";

/** Every value of an MTL file with the group that it stands in: a level-2 file repeats keys of level 1 in another group. */
export type Mtl = readonly { readonly group: string; readonly key: string; readonly value: string }[];

const textMtl = (text: string): Mtl => {
  const groups: string[] = [];
  const values: { group: string; key: string; value: string }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(\w+)\s*=\s*"?([^"]*)"?\s*$/.exec(line);
    if (!match) continue;
    const [, key = "", value = ""] = match;
    if (key === "GROUP") groups.push(value);
    else if (key === "END_GROUP") groups.pop();
    else values.push({ group: groups.at(-1) ?? "", key, value: value.trim() });
  }
  return values;
};

const xmlMtl = (text: string): Mtl => {
  const groups: string[] = [];
  const values: { group: string; key: string; value: string }[] = [];
  const token = /<(\w+)[^<>]*>([^<]*)<\/\1>|<(\/?)(\w+)[^<>]*>/g;
  for (const [, key, value, close, group] of text.matchAll(token)) {
    if (key !== undefined) values.push({ group: groups.at(-1) ?? "", key, value: (value ?? "").trim() });
    else if (close === "/") groups.pop();
    else groups.push(group ?? "");
  }
  return values;
};

const jsonMtl = (json: unknown, group = ""): Mtl =>
  typeof json !== "object" || json === null
    ? []
    : Object.entries(json).flatMap(([key, value]: [string, unknown]) =>
        typeof value === "string" || typeof value === "number"
          ? [{ group, key, value: String(value) }]
          : jsonMtl(value, key),
      );

/**
 * Reads the metadata of a Landsat product, in any of the three forms that USGS delivers: `GROUP = …` text (ODL), XML, JSON.
 * Throws `SwathError("dataset")` when it holds none of it.
 */
export const parseMtl = (text: string, path: string): Mtl => {
  const start = text.trimStart()[0];
  let values: Mtl = [];
  try {
    values = start === "{" ? jsonMtl(JSON.parse(text)) : start === "<" ? xmlMtl(text) : textMtl(text);
  } catch (cause) {
    throw new SwathError("dataset", {
      what: `${path} is damaged`,
      wanted: "the MTL of a Landsat product",
      cause,
    });
  }
  if (values.length > 0) return values;
  throw new SwathError("dataset", { what: `${path} is damaged`, wanted: "the MTL of a Landsat product" });
};
