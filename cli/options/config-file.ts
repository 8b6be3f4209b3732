import { readFileSync } from "node:fs";
import type { Command, Option } from "commander";
import { parse as parseYaml } from "yaml";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

/** A YAML or JSON file with a mapping in it; `what` names it. Throws `SwathError("config")`. */
export const readMapping = (file: string, what: string): Readonly<Record<string, unknown>> => {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(file, "utf8"));
  } catch (cause) {
    // The parser goes on to draw the place, over several lines.
    const got = (messageOf(cause).split("\n")[0] ?? "").replace(/:$/, "");
    throw new SwathError("config", { what, wanted: "YAML or JSON", got, cause });
  }
  if (content !== null && typeof content === "object" && !Array.isArray(content)) {
    return content as Readonly<Record<string, unknown>>;
  }
  const got = content === null ? "nothing" : Array.isArray(content) ? "a list" : `a ${typeof content}`;
  throw new SwathError("config", { what, wanted: "a mapping of options such as seed: 7", got });
};

const isPlain = (value: unknown): value is string | number =>
  (typeof value === "string" && value !== "") || typeof value === "number";

/** What the option would hold, had the command line said it. */
const valueOf = (option: Option, value: unknown, what: string): unknown => {
  const refuse = (wanted: string): never => {
    throw new SwathError("config", { what, wanted, got: JSON.stringify(value) });
  };
  if (option.isBoolean()) return typeof value === "boolean" ? value : refuse("true or false");
  // Only options that may be given more than once gather what they are given.
  if (option.parseArg !== undefined && option.argChoices === undefined) {
    const values = [value].flat();
    return values.every(isPlain) ? values.map(String) : refuse("one value, or a list of them");
  }
  if (!isPlain(value)) return refuse("one value");
  if (option.argChoices && !option.argChoices.includes(String(value))) {
    return refuse(`one of ${option.argChoices.join(", ")}`);
  }
  return String(value);
};

/**
 * Lays options by their long names under what the command line says; `what` names where they come from.
 * Throws `SwathError("config")` for an option that the command does not have, or a value that it does not take.
 */
export const applyOptions = (
  command: Command,
  mapping: Readonly<Record<string, unknown>>,
  what: string,
): void => {
  const options = command.options.filter(({ long }) => long !== undefined && long !== "--config");
  for (const [key, value] of Object.entries(mapping)) {
    const option = options.find(({ long }) => long === `--${key}`);
    if (option === undefined) {
      const wanted = `one of ${options.map(({ long }) => long?.slice(2)).join(", ")}`;
      throw new SwathError("config", { what, wanted, got: `"${key}"` });
    }
    const attribute = option.attributeName();
    const read = valueOf(option, value, `${what}: ${key}`);
    if (command.getOptionValueSource(attribute) !== "cli") {
      command.setOptionValueWithSource(attribute, read, "config");
    }
  }
};

/** Reads `--config` and lays it under what the command line says. Throws `SwathError("config")`. */
export const applyConfigFile = (command: Command): void => {
  const file = command.opts<{ config?: string }>().config;
  if (file === undefined) return;
  const what = `configuration ${file}`;
  applyOptions(command, readMapping(file, what), what);
};
