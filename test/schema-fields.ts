import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { z } from "zod";

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
}

/** `path — description` of every field, depth first in the order of the schema. */
const fields = (schema: JsonSchema, path: string): readonly string[] => {
  const inner = [schema, ...(schema.anyOf ?? [])];
  const said = inner.map(({ description }) => description).find((text) => text !== undefined);
  const nullable =
    schema.anyOf?.some((one) => (one as { type?: string }).type === "null") && !said?.includes("null");
  const line =
    path === "" ? [] : [`| \`${path}\` | ${said ?? ""}${nullable ? "; null where there is none" : ""} |`];
  return [
    ...line,
    ...inner.flatMap((one) => [
      ...Object.entries(one.properties ?? {}).flatMap(([key, value]) =>
        fields(value, path ? `${path}.${key}` : key),
      ),
      ...(one.items?.properties
        ? Object.entries(one.items.properties).flatMap(([key, value]) => fields(value, `${path}[].${key}`))
        : []),
    ]),
  ];
};

/**
 * Expects a page of docs/ to list every field as the schema describes it, more than `least` of them, each with a description.
 * With SWATH_REGENERATE set, writes them there first, behind the page's prose.
 */
export const expectDocumented = (page: string, schema: z.ZodType, least: number): void => {
  const file = new URL(`../docs/${page}`, import.meta.url);
  const isField = (line: string): boolean => line.startsWith("| `");
  const wanted = fields(z.toJSONSchema(schema) as JsonSchema, "");
  if (process.env["SWATH_REGENERATE"]) {
    const prose = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .filter((line) => !isField(line));
    writeFileSync(file, `${[...prose, ...wanted].join("\n")}\n`);
  }
  expect(wanted.length).toBeGreaterThan(least);
  expect(readFileSync(file, "utf8").split("\n").filter(isField)).toEqual(wanted);
  expect(
    wanted.filter((line) => / \| *\|$/.test(line)),
    "fields without a description",
  ).toEqual([]);
};
