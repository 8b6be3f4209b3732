import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { formulaCardSchema, networkCardSchema } from "../../../models/card/card-schema.ts";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
}

/** Paths of all fields that hold no others. */
const fieldsOf = (node: Node, path = ""): readonly string[] => {
  const inner = Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    fieldsOf(child, path === "" ? name : `${path}.${name}`),
  );
  const choices = [...(node.oneOf ?? []), ...(node.anyOf ?? [])].flatMap((child) => fieldsOf(child, path));
  const all = [...inner, ...choices];
  return all.length > 0 ? all : [path];
};

describe("docs/models.md", () => {
  const text = readFileSync(new URL("../../../docs/models.md", import.meta.url), "utf8");
  const fields = new Set(
    [networkCardSchema, formulaCardSchema].flatMap((schema) =>
      fieldsOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node),
    ),
  );

  test("speaks of every field of a card", () => {
    expect(fields.size).toBeGreaterThan(30);
    const missing = [...fields].filter((field) => {
      // `gsdMetres.min` and `.max` share a line.
      const name = field.replace(/^(gsdMetres)\..*/, "$1");
      return !text.includes(`\`${name}\``);
    });
    expect(missing).toEqual([]);
  });

  test("speaks of no field that a card does not have", () => {
    const named = [...text.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`((?:input|tile|thresholds|head)\.[\w.]+)`/g)].map(([, name = ""]) => name),
    );
    expect(named.length).toBeGreaterThan(20);
    const known = (name: string): boolean =>
      [...fields].some((field) => field === name || field.startsWith(`${name}.`));
    expect(named.filter((name) => !known(name))).toEqual([]);
  });
});
