import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { grants, roles } from "../../pipeline/keys/roles.ts";

const begin = "<!-- roles -->";
const end = "<!-- /roles -->";

/** The page with its table of roles made anew. */
export const withRoleTable = (page: string): string => {
  const [before = "", rest = ""] = page.split(begin);
  const [, after = ""] = rest.split(end);
  const rows = roles.flatMap((role) => [
    `**${role}**`,
    "",
    "| | subject | why |",
    "|---|---|---|",
    ...grants[role].map(({ verb, subject, purpose }) => `| ${verb} | \`${subject}\` | ${purpose} |`),
    "",
  ]);
  return `${before}${begin}\n\n${rows.join("\n")}\n${end}${after}`;
};

/** `node dist/cli/text/role-docs.js`: compiled it lies one folder deeper than its source. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = fileURLToPath(new URL("../../../docs/security.md", import.meta.url));
  writeFileSync(page, withRoleTable(readFileSync(page, "utf8")));
}
