import { z } from "zod";
import { someOf } from "../../pipeline/format.ts";
import { HttpProblem } from "./problem.ts";

/** What the parameters of a request's query are, by name: schemas of their values, not of their text. */
export type ParameterShape = Readonly<Record<string, z.ZodType>>;

/** The values that a request brought. */
export type ParameterValues<Shape extends ParameterShape> = {
  readonly [Name in keyof Shape]: z.output<Shape[Name]>;
};

interface JsonSchema {
  readonly type?: string;
  readonly items?: JsonSchema;
  readonly default?: unknown;
}

/** What a value is in JSON, by its schema. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema => {
  const { $schema: _dialect, ...said } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return said as JsonSchema;
};

/** Text as a value of the kind that is wanted; what is none stays text, and the schema refuses it. */
const valueOf = (text: string, { type, items }: JsonSchema): unknown => {
  if (type === "array") return text === "" ? [] : text.split(",").map((part) => valueOf(part, items ?? {}));
  if (type === "number" || type === "integer") return text.trim() === "" ? text : Number(text);
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
};

/** What a schema found wrong with a value, for a problem document. */
export const refuseValue = (name: string, error: z.ZodError, got: string): HttpProblem => {
  const [issue] = error.issues;
  return new HttpProblem(400, {
    what: `${name} is not right`,
    wanted: issue?.message ?? "another value",
    got: got.length > 80 ? `${got.slice(0, 80)}…` : got,
    field: name,
  });
};

/**
 * The query of a request as values. A list is one parameter, its parts separated by commas. Throws `HttpProblem(400)` for a parameter that
 * is not known, is said twice, or has no value of its kind.
 */
export const readParameters = <Shape extends ParameterShape>(
  query: URLSearchParams,
  shape: Shape,
): ParameterValues<Shape> => {
  const names = Object.keys(shape);
  for (const name of new Set(query.keys())) {
    if (!names.includes(name)) {
      const wanted = names.length === 0 ? "no parameters" : `one of ${names.join(", ")}`;
      throw new HttpProblem(400, { what: `no parameter "${name}" here`, wanted, got: name, field: name });
    }
    const said = query.getAll(name);
    if (said.length > 1)
      throw new HttpProblem(400, {
        what: `parameter ${name}`,
        wanted: "it once",
        got: someOf(said),
        field: name,
      });
  }
  const values = Object.entries(shape).map(([name, schema]) => {
    const text = query.get(name);
    const parsed = schema.safeParse(text === null ? undefined : valueOf(text, jsonSchemaOf(schema)));
    if (!parsed.success) throw refuseValue(name, parsed.error, text === null ? "none" : `"${text}"`);
    return [name, parsed.data] as const;
  });
  return Object.fromEntries(values) as ParameterValues<Shape>;
};
