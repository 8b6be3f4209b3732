import type { z } from "zod";
import type { ParameterShape } from "./parameters.ts";

/** What an operation answers with one status. */
export interface OperationAnswer {
  readonly about: string;
  /** Media type; `application/json` where nothing is said. */
  readonly type?: string;
  /** Of a JSON body. */
  readonly schema?: z.ZodType;
}

/** One thing that a client may ask for: what the router serves and what the API's description says of it. */
export interface Operation<
  Query extends ParameterShape = ParameterShape,
  Body extends z.ZodType = z.ZodType,
> {
  readonly method: "get" | "post" | "put" | "delete";
  /** Below the face's own path, names in braces: `/collections/{collection}/items`; `""` for the face's own path. */
  readonly path: string;
  /** Unique in the API; a word that clients make functions of. */
  readonly name: string;
  readonly summary: string;
  readonly query: Query;
  /** Of a JSON body; absent: none is read. */
  readonly body?: Body;
  /** By status. */
  readonly answers: Readonly<Record<number, OperationAnswer>>;
}

/** Declares an operation; the types of its request follow from it. */
export const operation = <Query extends ParameterShape, Body extends z.ZodType = z.ZodUndefined>(
  declared: Operation<Query, Body>,
): Operation<Query, Body> => declared;
