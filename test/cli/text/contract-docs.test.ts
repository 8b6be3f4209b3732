import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import specs from "@asyncapi/specs";
import { describe, expect, it } from "vitest";
import { contractText, withFieldTable } from "../../../cli/text/contract-docs.ts";
import { contractFiles } from "../../../studies/contract.ts";
import { detectionFeature } from "../../../stations/archive/detection-geojson.ts";
import { results } from "../../stations/archive/records.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

describe("the contract", () => {
  it("is as the schemas have it: npm run docs makes it anew", () => {
    for (const [name, content] of Object.entries(contractFiles())) {
      expect(JSON.parse(read(`contract/${name}`)), name).toEqual(JSON.parse(contractText(content)));
    }
    const page = read("docs/subscribe.md");
    expect(withFieldTable(page)).toBe(page);
    expect(page).toContain("| `captured_at` | string |");
  });

  it("is AsyncAPI 3.0, by AsyncAPI's own schema", () => {
    const ajv = new Ajv({
      meta: false,
      validateSchema: false,
      strict: false,
      validateFormats: false,
      logger: false,
    });
    const schema = (specs as unknown as { schemas: Record<string, object> }).schemas["3.0.0"]!;
    const validate = ajv.compile(schema);
    expect(validate(contractFiles()["asyncapi.json"]), ajv.errorsText(validate.errors)).toBe(true);
  });

  it("holds for what is sent, by Ajv, and for nothing else", () => {
    const ajv = new Ajv2020({ strict: false });
    const files = contractFiles();
    const [result, feature] = ["swath-result-2.schema.json", "detection-feature.schema.json"].map((name) =>
      ajv.compile(files[name]!),
    );
    for (const one of results) {
      const sent: unknown = JSON.parse(JSON.stringify(one));
      expect(result!(sent), ajv.errorsText(result!.errors)).toBe(true);
      expect(result!({ ...(sent as object), box_px: [1, 2, 3] })).toBe(false);
      const asFeature: unknown = JSON.parse(JSON.stringify(detectionFeature(one)));
      expect(feature!(asFeature), ajv.errorsText(feature!.errors)).toBe(true);
    }
    expect(result!({ schema: "swath-result/1" })).toBe(false);
  });
});
