import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command, Option } from "commander";
import { swathProgram } from "../program.ts";

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`);

/** All defaults of ours are text, as the command line would have it. */
const defaultOf = (value: unknown): string => (typeof value === "string" ? `(default: ${value})` : "");

const meaning = ({ description, argChoices, defaultValue, mandatory }: Option): string =>
  [
    description,
    argChoices && `(${argChoices.join(", ")})`,
    mandatory && "(required)",
    defaultOf(defaultValue),
  ]
    .filter(Boolean)
    .join(" ");

const optionTable = (options: readonly Option[]): readonly string[] =>
  options.length === 0
    ? []
    : [
        "| option | meaning |",
        "|---|---|",
        ...options.map((option) => `| \`${cell(option.flags)}\` | ${cell(meaning(option))} |`),
        "",
      ];

/** What `addHelpText("after", …)` puts below the options: the examples, as commands to copy. */
const examplesOf = (command: Command): readonly string[] => {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 200 });
  command.outputHelp();
  return [...help.matchAll(/^ +\$ (.+)$/gm)].map(([, line = ""]) => line);
};

const usageOf = (command: Command, path: string): string =>
  [
    path,
    ...(command.options.length > 0 ? ["[options]"] : []),
    ...command.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    ),
  ].join(" ");

const section = (command: Command, parents: string): readonly string[] => {
  const path = `${parents} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((child) => section(child, path));
  const examples = examplesOf(command);
  return [
    `## ${path}`,
    "",
    `${command.description()}.`,
    "",
    "```",
    usageOf(command, path),
    "```",
    "",
    ...command.registeredArguments.map((argument) =>
      `- \`${argument.name()}\`: ${argument.description} ${defaultOf(argument.defaultValue)}`.trimEnd(),
    ),
    ...(command.registeredArguments.length > 0 ? [""] : []),
    ...optionTable(command.options),
    ...(examples.length > 0 ? ["```", ...examples.map((line) => `$ ${line}`), "```", ""] : []),
  ];
};

/** The page of all commands, Markdown: what `--help` says, in one place. */
export const commandDocs = async (): Promise<string> => {
  const program = await swathProgram();
  return [
    "<!-- Made by `npm run docs` from the commands themselves: edit their descriptions, not this page. -->",
    "",
    "# Commands",
    "",
    `${program.description()}.`,
    "",
    "Progress and notes go to standard error, results to standard output. Exit codes: 0 done, 1 failed, 2 wrong use,",
    "130 interrupted (Ctrl-C). Every command has `--help`.",
    "",
    ...program.commands.flatMap((command) => section(command, "swath")),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
};

/** `node dist/cli/text/command-docs.js [file]`: compiled it lies one folder deeper than its source. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = fileURLToPath(new URL("../../../docs/commands.md", import.meta.url));
  writeFileSync(process.argv[2] ?? page, await commandDocs());
}
