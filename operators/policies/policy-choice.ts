import { SwathError } from "../../pipeline/errors.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import type { PolicyKind } from "./policy-kind.ts";
import { policies } from "./registry.ts";

/** What a policy of a plan does on board. Throws `SwathError("config")` where this release does not know it. */
export const kindOf = ({ name }: Pick<Policy, "name">): PolicyKind => {
  const kind = policies.find((one) => one.name === name);
  if (kind !== undefined) return kind;
  throw new SwathError("config", {
    what: `policy ${name}`,
    wanted: `one of ${policies.map((one) => one.name).join(", ")}`,
    got: "one that this release does not know",
    hint: "run the same release of swath on every node",
  });
};

/** `chips:margin=16` as a command line has it; parameters at their initial values are left out. */
export const policyText = (policy: Policy): string => {
  const changed = changedOf(policy);
  if (changed.length === 0) return policy.name;
  return `${policy.name}:${changed.map(([name, value]) => `${name}=${value}`).join(",")}`;
};

/**
 * Reads `chips`, or `chips:margin=16,quality=60`. Throws `SwathError("config")` that names `option`, for a policy or a parameter
 * that there is not, one that is given twice, or a value out of its range.
 */
export const parsePolicy = (text: string, option = "--policy"): Policy => {
  const [name = "", ...rest] = text.split(":");
  const kind = policies.find((one) => one.name === name.trim());
  if (kind === undefined) {
    const wanted = `one of ${policies.map((one) => one.name).join(", ")}`;
    throw new SwathError("config", { what: option, wanted, got: `"${name.trim()}"` });
  }
  const given = givenOf(kind, rest.length === 0 ? null : rest.join(":"), option);
  const settings = Object.fromEntries(
    Object.entries(kind.parameters).map(([key, parameter]) => {
      const value = given.get(parameter.name);
      if (value === undefined) return [key, parameter.initial];
      return [key, parameter.parse(value, `${option}: ${kind.name}:${parameter.name}`)];
    }),
  );
  const policy = { name: kind.name, where: kind.where, screens: kind.maxCloudShare !== undefined, settings };
  return { ...policy, label: labelOf({ ...policy, label: kind.name }) };
};

/**
 * Reads a list with commas between, `raw,chips:margin=16,quality=60,detect`: what has a `=` and no `:` belongs to the policy
 * before it. In the order of the registry, each once. Throws as `parsePolicy` does.
 */
export const parsePolicies = (text: string, option = "--policies"): readonly Policy[] => {
  const parts: string[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    const isParameter = part.includes("=") && !part.includes(":") && parts.length > 0;
    if (isParameter) parts.push(`${parts.pop()},${part}`);
    else parts.push(part);
  }
  const asked = parts.map((part) => parsePolicy(part, option));
  const once = asked.filter(({ label }, at) => asked.findIndex((one) => one.label === label) === at);
  const place = ({ name }: Policy): number => policies.findIndex((one) => one.name === name);
  return once.toSorted((a, b) => place(a) - place(b));
};

/** The policy that a workload calls so: `chips-margin-16`, however it is written. Throws as `parsePolicy` does. */
export const labelNamed = (text: string): string => (text.includes(":") ? parsePolicy(text).label : text);

/** The parameters as written, by name. */
const givenOf = (
  { name, parameters }: PolicyKind,
  text: string | null,
  option: string,
): ReadonlyMap<string, string> => {
  const given = new Map<string, string>();
  if (text === null) return given;
  const known = Object.values(parameters).map((parameter) => parameter.name);
  const refuse = (wanted: string, got: string): never => {
    throw new SwathError("config", { what: `${option}: ${name}`, wanted, got });
  };
  for (const pair of text.split(",").map((one) => one.trim())) {
    const at = pair.indexOf("=");
    const key = at < 0 ? pair : pair.slice(0, at).trim();
    if (known.length === 0) refuse("no parameters", `"${pair}"`);
    if (at < 0 || !known.includes(key))
      refuse(`some of ${known.map((one) => `${one}=…`).join(", ")}`, `"${pair}"`);
    if (given.has(key)) refuse(`${key} once`, `${key} twice`);
    given.set(key, pair.slice(at + 1).trim());
  }
  return given;
};

/** Names and values of the parameters that are not at their initial values, in their order. */
const changedOf = (policy: Policy): readonly (readonly [name: string, value: number | string])[] =>
  Object.entries(kindOf(policy).parameters).flatMap(([key, { name, initial }]) => {
    const value = policy.settings[key] ?? initial;
    return value === initial ? [] : [[name, value] as const];
  });

/** Fit for a folder, a table and a NATS subject: `screen-max-cloud-0_5`. */
const labelOf = (policy: Policy): string =>
  [policy.name, ...changedOf(policy).flat()].join("-").replaceAll(/[^A-Za-z0-9-]/g, "_");
