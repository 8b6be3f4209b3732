import type { PolicyKind } from "../../operators/policies/policy-kind.ts";
import { policies } from "../../operators/policies/registry.ts";

/** What a person may want to know of a policy. */
export interface PolicyRow extends Pick<PolicyKind, "name" | "sends" | "where"> {
  readonly parameters: readonly {
    readonly name: string;
    readonly unit: string | null;
    readonly range: string;
    readonly initial: number | string;
    readonly help: string;
  }[];
}

/** Every policy with its parameters, as plain data. */
export const listPolicies = (): readonly PolicyRow[] =>
  policies.map(({ name, sends, where, parameters }) => ({
    name,
    sends,
    where,
    parameters: Object.values(parameters),
  }));
