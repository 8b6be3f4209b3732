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

/** A schema's fields as the lines of a Markdown table. */
export const schemaFields = (schema: unknown): readonly string[] => fields(schema as JsonSchema, "");
