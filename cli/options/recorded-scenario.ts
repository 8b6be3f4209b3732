import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { parse as parseYaml } from "yaml";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { missionKeys } from "../../studies/options/table.ts";

const readScenario = (file: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = parseYaml(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch (cause) {
    throw new SwathError("config", { what: file, wanted: "YAML", got: messageOf(cause), cause });
  }
};

/**
 * With `--schedule recorded` the acquisitions are those of the run: constellation, stations and all else that shapes a run are
 * taken from its folder too, where neither the command line nor a configuration says otherwise.
 */
export const applyRecordedScenario = (command: Command): void => {
  const { schedule, workload } = command.opts<{ schedule?: string; workload?: string }>();
  if (schedule !== "recorded" || workload === undefined) return;
  const file = join(workload, "scenario.yaml");
  if (!existsSync(file)) return;
  const scenario = readScenario(file);
  if ((scenario["ask"] ?? "none") !== "none") {
    throw new SwathError("config", {
      what: "--schedule recorded",
      wanted: "a run in which the ground asks for no tiles",
      got: `--ask ${String(scenario["ask"])}`,
    });
  }
  for (const key of missionKeys) {
    const option = command.options.find(({ long }) => long === `--${key}`);
    const value = scenario[key];
    if (option === undefined || value === undefined) continue;
    const attribute = option.attributeName();
    const source = command.getOptionValueSource(attribute);
    if (source === "cli" || source === "config") continue;
    const text = Array.isArray(value) ? value.map(String) : `${value as string | number}`;
    command.setOptionValueWithSource(attribute, text, "run");
  }
};
