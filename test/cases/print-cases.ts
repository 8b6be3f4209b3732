import { existsSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { casesFolder, tryCases } from "./case-table.ts";

const short = (text: string, most: number): string => {
  const line = stripVTControlCharacters(text).replaceAll(/\s+/g, " ");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

if (!existsSync(casesFolder)) {
  process.stdout.write("no cases: ../shared/cases is not there\n");
} else {
  const rows = await tryCases();
  const table = new Table({
    head: ["case", "kind", "right", "ours", "verdict"],
    style: { head: [], border: [] },
  });
  for (const { of, kind, right, ours, verdict } of rows) {
    table.push([of, kind ?? "", short(right, 60), short(ours, 70), verdict]);
  }
  const count = (wanted: string): number => rows.filter(({ verdict }) => verdict === wanted).length;
  const kinds = ["right", "refused", "wrong", "not there", "elsewhere", "no check"];
  process.stdout.write(`${table.toString()}\n${kinds.map((kind) => `${count(kind)} ${kind}`).join(" · ")}\n`);
  process.exitCode = ["wrong", "not there", "no check"].some((kind) => count(kind) > 0) ? 1 : 0;
}
