import { type SweepTable, usedColumns } from "../../studies/answer.ts";
import Table from "cli-table3";
import { plain } from "./table.ts";

/** All runs, one line each; columns that no run fills are left out. */
export const sweepText = (table: SweepTable): string => {
  const columns = usedColumns(table);
  const printed = new Table({
    head: [...table.keys, ...columns.map(({ name }) => name)],
    colAligns: [...table.keys.map(() => "left" as const), ...columns.map(() => "right" as const)],
    ...plain,
  });
  for (const { point, figures } of table.rows) {
    printed.push([
      ...table.keys.map((key) => point[key] ?? ""),
      ...columns.map(({ key, text }) => {
        const value = figures[key];
        return value === null ? "–" : text(value);
      }),
    ]);
  }
  return `${printed.toString().replace(/ +$/gm, "")}\n`;
};
