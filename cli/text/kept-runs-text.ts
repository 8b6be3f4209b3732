import Table from "cli-table3";
import { formatBytes } from "../../pipeline/format.ts";
import type { RunOnServer } from "../../studies/kept-runs.ts";
import { plain } from "./table.ts";

const words: Readonly<Record<RunOnServer["state"], string>> = {
  running: "running",
  killed: "left behind",
  results: "results kept",
};

/** To the second, by the clock of whoever wrote it. */
const moment = (iso: string | null): string => (iso === null ? "–" : `${iso.slice(0, 19)}Z`);

/** What runs keep on a server, a line for each start: whose it is, since when, how large. */
export const keptRunsText = (runs: readonly RunOnServer[]): string => {
  if (runs.length === 0) return "no runs on this NATS\n";
  const table = new Table({
    head: ["run", "start", "state", "whose", "since", "last message", "streams", "size"],
    colAligns: ["left", "left", "left", "left", "left", "left", "right", "right"],
    ...plain,
  });
  for (const { run, incarnation, parts, state, whose, since, lastAt, streams, bytes } of runs) {
    const name = parts.length === 1 ? (parts[0] ?? run) : run;
    table.push([
      name,
      incarnation,
      words[state],
      whose ?? "–",
      moment(since),
      moment(lastAt),
      `${streams}`,
      formatBytes(bytes),
    ]);
  }
  return `${table.toString().replace(/ +$/gm, "")}\n`;
};
