import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { seconds } from "../../../pipeline/units.ts";
import { type Gateway, openGateway } from "../../../stations/gateway/gateway.ts";
import type { Face } from "../../../stations/gateway/face.ts";
import { newSecret } from "../../../stations/gateway/login.ts";

/** A gateway on any port with these faces. */
export const gatewayOf = (faces: readonly Face[]): Promise<Gateway> =>
  openGateway({
    host: "127.0.0.1",
    port: 0,
    faces,
    secret: newSecret(),
    origins: [],
    loginValid: seconds(60),
    note: (text) => {
      throw new Error(text);
    },
  });

/** An OpenAPI document, as far as tests look into it. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId?: string;
            readonly summary?: string;
            readonly parameters: readonly { readonly name: string; readonly in: string }[];
            readonly responses: Readonly<
              Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
            >;
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const templateFits = (template: string, path: string): boolean =>
  new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);

/** Holds answers against what the API's own description says of them, with Ajv. */
export const answerCheck = (api: ApiDocument) => {
  const ajv = new Ajv2020({ strict: false, formats: { "date-time": true } });
  return async (url: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(url, init);
    const { pathname } = new URL(url);
    const template = Object.keys(api.paths)
      .toSorted((a, b) => a.split("{").length - b.split("{").length)
      .find((path) => templateFits(path, pathname));
    const described = api.paths[template ?? ""]?.[(init.method ?? "GET").toLowerCase()];
    const body = (await response.json()) as unknown;
    if (described === undefined) throw new Error(`${pathname} is not described`);
    const type = response.headers.get("Content-Type")?.split(";")[0] ?? "";
    const answer = described.responses[`${response.status}`] ?? described.responses["default"];
    const schema =
      answer === described.responses["default"]
        ? api.components.schemas["problem"]
        : answer?.content?.[type]?.schema;
    expect(
      schema,
      `${response.status} ${type} of ${pathname}: ${JSON.stringify(body).slice(0, 200)}`,
    ).toBeDefined();
    const validate = ajv.compile(schema ?? {});
    expect(validate(body), `${pathname}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    return body;
  };
};
