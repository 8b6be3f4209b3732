import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { commandDocs } from "../../../cli/text/command-docs.ts";
import { swathProgram } from "../../../cli/program.ts";

const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

test("docs/commands.md is what the commands say: npm run docs", async () => {
  expect(readFileSync(new URL("../../../docs/commands.md", import.meta.url), "utf8")).toBe(
    await commandDocs(),
  );
});

const program = await swathProgram();

describe("the help of", () => {
  test.each(leaves(program).map((command) => [command.name(), command] as const))(
    "%s has a description, an example, and words for every option",
    (_, command) => {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(command.description()).toMatch(/^[A-Z]/);
      expect(help).toMatch(/Examples?:\n +\$ swath /);
      for (const { description } of command.options) expect(description).not.toBe("");
    },
  );
});
