import Table from "cli-table3";
import { formatNumber } from "../../pipeline/format.ts";
import type { ComparedPair, Differing, RunDifference } from "../../studies/run-difference.ts";
import { plain } from "./table.ts";

const longestCell = 44;

const shortened = (text: string): string =>
  text.length > longestCell ? `${text.slice(0, longestCell - 1).trimEnd()}…` : text;

const valueText = ({ text }: ComparedPair, value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : text(value);

/** `+12 %`, `× 40`; empty where there is nothing to divide by, or one side is missing. */
const changeText = ({ a, b }: ComparedPair): string => {
  if (typeof a !== "number" || typeof b !== "number" || a === 0 || b / a <= 0) return "";
  const factor = b / a;
  if (factor >= 3 || factor <= 1 / 3) return `× ${formatNumber(Number(factor.toPrecision(2)))}`;
  const percent = Number(((factor - 1) * 100).toPrecision(2));
  return `${percent < 0 ? "−" : "+"}${formatNumber(Math.abs(percent))} %`;
};

const tableOf = (head: readonly string[], right: number, rows: readonly (readonly string[])[]): string => {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, n) => (n >= head.length - right ? "right" : "left")),
    ...plain,
  });
  for (const row of rows) table.push([...row]);
  return table.toString().replace(/ +$/gm, "");
};

const differingTable = (title: string, rows: readonly Differing[]): readonly string[] =>
  rows.length === 0
    ? []
    : [
        tableOf(
          [title, "A", "B"],
          0,
          rows.map(({ what, a, b }) => [what, shortened(a ?? "–"), shortened(b ?? "–")]),
        ),
        "",
      ];

/** Whether two texts are still told apart when they are cut to a cell; long ones are then printed in full below. */
const isCut = ({ a, b }: Differing): boolean => [a, b].some((text) => (text?.length ?? 0) > longestCell);

/** Figures whose texts are the same are differences in digits that no table has. */
const isSeen = (pair: ComparedPair): boolean => valueText(pair, pair.a) !== valueText(pair, pair.b);

/** Two runs side by side as a command prints them, newline at the end. */
export const differenceText = (difference: RunDifference): string => {
  const { a, b, options, basis, figures, same } = difference;
  const seen = figures.filter(isSeen);
  const hidden = figures.length - seen.length;
  const long = [...options, ...basis].filter(isCut);
  const alike = [
    ...(same > 0 ? [`${same} figures are the same`] : []),
    ...(hidden > 0 ? [`${hidden} differ in digits that are not printed (--json has them)`] : []),
  ];
  return [
    `A  ${a}`,
    `B  ${b}`,
    "",
    ...(options.length === 0 ? ["The options are the same.", ""] : differingTable("option", options)),
    ...differingTable("rests on", basis),
    ...long.flatMap(({ what, a: one, b: other }) => [
      `${what}, A: ${one ?? "–"}`,
      `${what}, B: ${other ?? "–"}`,
      "",
    ]),
    ...(seen.length === 0
      ? []
      : [
          tableOf(
            ["of", "figure", "A", "B", "B against A"],
            3,
            seen.map((pair, n) => [
              seen[n - 1]?.of === pair.of ? "" : pair.of,
              pair.name,
              valueText(pair, pair.a),
              valueText(pair, pair.b),
              changeText(pair),
            ]),
          ),
          "",
        ]),
    seen.length === 0 && figures.length === 0
      ? same === 0
        ? "Neither has figures."
        : `All ${same} figures are the same.`
      : alike.length === 0
        ? "All figures differ."
        : `${alike.join("; ")}.`,
    "",
  ].join("\n");
};
