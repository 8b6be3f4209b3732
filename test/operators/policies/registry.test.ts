import { describe, expect, it } from "vitest";
import { kindOf, parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { policies } from "../../../operators/policies/registry.ts";

describe("the registry of policies", () => {
  it("has each name once", () => {
    const names = policies.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  describe.each(policies.map((kind) => [kind.name, kind] as const))("%s", (name, kind) => {
    it("is written in kebab case and says in a sentence what goes down", () => {
      expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(kind.sends).toMatch(/^[A-Z].*\.$/);
    });

    it("has parameters whose initial value is one that may be given", () => {
      for (const { name: one, initial, parse, help } of Object.values(kind.parameters)) {
        expect(one).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        expect(help).not.toBe("");
        expect(parse(String(initial), one)).toBe(initial);
      }
    });

    it("makes something of what it is given, where the model runs", () => {
      expect(kindOf(parsePolicy(name))).toBe(kind);
      expect(kind).toHaveProperty(kind.where === "board" ? "ofDetections" : "ofTile", expect.any(Function));
    });
  });
});
