import { z } from "zod";
import { version } from "../../pipeline/package.ts";
import type { Face } from "./face.ts";
import { problemSchema } from "./feature-schema.ts";
import type { Operation } from "./operation.ts";
import { jsonSchemaOf } from "./parameters.ts";

/** Media type of an OpenAPI 3.1 document. */
export const openApiType = "application/vnd.oai.openapi+json;version=3.1";

/** A route as the router has it. */
export interface Route {
  readonly method: string;
  /** `/ogc/collections/:collection`. */
  readonly path: string;
}

const templateOf = (path: string): string => path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}");

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

/** A list is one parameter, its parts separated by commas; hence `form` and not exploded. */
const queryParameters = (query: Operation["query"]) =>
  Object.entries(query).map(([name, schema]) => {
    const { description, ...said } = jsonSchemaOf(schema) as { readonly description?: string };
    return {
      name,
      in: "query",
      required: !schema.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: said,
      style: "form",
      explode: false,
    };
  });

const problem = {
  description: "what was wrong, as RFC 9457 has it",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/problem" } } },
};

const schemaOf = (schema: z.ZodType): object => {
  const { $schema: _dialect, ...said } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return said;
};

const answersOf = (answers: Operation["answers"]) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { about, type = "application/json", schema }]) => [
      status,
      {
        description: about,
        ...(schema === undefined && status.startsWith("3")
          ? {}
          : { content: { [type]: schema === undefined ? {} : { schema: schemaOf(schema) } } }),
      },
    ]),
  );

const operationObject = (tag: string, path: string, one: Operation) => ({
  operationId: one.name,
  summary: one.summary,
  tags: [tag],
  parameters: [...pathParameters(path), ...queryParameters(one.query)],
  ...(one.body === undefined
    ? {}
    : {
        requestBody: { required: true, content: { "application/json": { schema: jsonSchemaOf(one.body) } } },
      }),
  responses: { ...answersOf(one.answers), default: problem },
});

/** A route that nobody described: that it is there, and what stands in its path. */
const bareObject = (tag: string, path: string) => ({
  tags: [tag],
  parameters: pathParameters(path),
  responses: { default: problem },
});

/**
 * The API as an OpenAPI 3.1 document: every route of the router, with what its face's operations say of it. Parameters, bodies and
 * answers are the very schemas that requests are checked by.
 */
export const openApiDocument = (faces: readonly Face[], routes: readonly Route[], server: string) => {
  const paths: Record<string, Record<string, object>> = {};
  const described = faces.flatMap(({ path, operations = [] }) =>
    operations.map((one) => ({ tag: path, path: `${path}${one.path}`, one })),
  );
  for (const { method, path } of routes) {
    const template = templateOf(path);
    if (method === "ALL" || template.includes("*")) continue;
    const found = described.find(
      ({ path: of, one }) => of === template && one.method.toUpperCase() === method,
    );
    const tag = faces
      .map((face) => face.path)
      .filter((of) => template === of || template.startsWith(of.endsWith("/") ? of : `${of}/`))
      .toSorted((a, b) => b.length - a.length)[0];
    (paths[template] ??= {})[method.toLowerCase()] =
      found === undefined
        ? bareObject(tag ?? "/", template)
        : operationObject(found.tag, template, found.one);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Swath",
      version,
      description:
        "Detections of simulated satellites, live and archived. Errors are problem documents (RFC 9457).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: server }],
    tags: faces.map(({ path, title }) => ({ name: path, description: title })),
    paths,
    components: {
      schemas: { problem: schemaOf(problemSchema) },
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "swath_login" },
      },
    },
    security: [{}, { token: [] }, { cookie: [] }],
  };
};
