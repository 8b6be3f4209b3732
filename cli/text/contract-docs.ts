import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contractFiles, resultFields } from "../../studies/contract.ts";

const begin = "<!-- fields -->";
const end = "<!-- /fields -->";

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`).replaceAll("<", "&lt;");

/** The page with its table of fields made anew. */
export const withFieldTable = (page: string): string => {
  const [before = "", rest = ""] = page.split(begin);
  const [, after = ""] = rest.split(end);
  const rows = resultFields().map(
    ({ name, type, about }) => `| \`${name}\` | ${cell(type)} | ${cell(about)} |`,
  );
  return `${before}${begin}\n\n| field | type | |\n|---|---|---|\n${rows.join("\n")}\n\n${end}${after}`;
};

/** A file of the contract as it is written. */
export const contractText = (content: object): string => `${JSON.stringify(content, null, 2)}\n`;

/** `node dist/cli/text/contract-docs.js`: compiled it lies one folder deeper than its source. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  mkdirSync(join(root, "contract"), { recursive: true });
  for (const [name, content] of Object.entries(contractFiles()))
    writeFileSync(join(root, "contract", name), contractText(content));
  const page = join(root, "docs", "subscribe.md");
  writeFileSync(page, withFieldTable(readFileSync(page, "utf8")));
}
