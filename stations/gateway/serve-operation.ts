import type { Context } from "hono";
import type { z } from "zod";
import type { FaceRouter, GatewayEnv } from "./face.ts";
import type { Operation } from "./operation.ts";
import { type ParameterShape, type ParameterValues, readParameters, refuseValue } from "./parameters.ts";
import { HttpProblem } from "./problem.ts";

/** What a request brought, checked. */
export interface OperationRequest<Query extends ParameterShape, Body extends z.ZodType> {
  readonly c: Context<GatewayEnv>;
  readonly query: ParameterValues<Query>;
  readonly body: z.output<Body>;
  /** A name in the path. */
  readonly name: (key: string) => string;
}

/** A path as the router has it: `/collections/:collection`. */
export const routerPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1") || "/";

const readBody = async (c: Context<GatewayEnv>, schema: z.ZodType): Promise<unknown> => {
  let value: unknown;
  try {
    value = await c.req.json();
  } catch (cause) {
    if (cause instanceof HttpProblem) throw cause;
    throw new HttpProblem(400, { what: "the body", wanted: "JSON", got: "something else", cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.map(String).join(".") || "body";
  throw refuseValue(path, parsed.error, JSON.stringify(value) ?? "none");
};

/**
 * Puts an operation on a router: its query and its body are read and checked by what it declares, and what it does not declare is
 * refused with 400.
 */
export const serve = <Query extends ParameterShape, Body extends z.ZodType>(
  router: FaceRouter,
  declared: Operation<Query, Body>,
  answer: (request: OperationRequest<Query, Body>) => Response | Promise<Response>,
): void => {
  const { method, path, query: shape, body: schema } = declared;
  router.on(method.toUpperCase(), routerPath(path), async (c) => {
    const query = readParameters(new URL(c.req.url).searchParams, shape);
    const body = (schema === undefined ? undefined : await readBody(c, schema)) as z.output<Body>;
    const name = (key: string): string => c.req.param(key) ?? "";
    return answer({ c, query, body, name });
  });
};
