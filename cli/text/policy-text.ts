import type { PolicyRow } from "../../studies/inputs/policies.ts";

/** Policies and their parameters, for the help of commands. */
export const policyHelp = (rows: readonly PolicyRow[]): string => {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.flatMap(({ name, sends, parameters }) => [
    `  ${name.padEnd(width)}  ${sends}`,
    ...parameters.map(
      ({ name: one, range, unit, initial, help }) =>
        `  ${" ".repeat(width)}    ${one}=${range}${unit ?? ""} (${initial}): ${help}`,
    ),
  ]);
  return ["", "Policies and their parameters:", ...lines].join("\n");
};
