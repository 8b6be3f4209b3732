/** Separators of label tables, the usual one first. */
const separators = [",", ";", "\t", "|"] as const;

/** One row of a table, and the line that it begins in, counting from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A cell that was never closed would swallow the rest of the file. */
const longestCell = 8_000_000;

/** What separates cells: whatever the first line holds most of, outside quotes. */
export const separatorOf = (text: string): string => {
  const line = /^[^\r\n]*/.exec(text)?.[0].replaceAll(/"[^"]*"/g, "") ?? "";
  const counts = separators.map((separator) => line.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ",";
};

/**
 * Reads a table row by row (RFC 4180): cells in double quotes may hold separators and line ends, and `""` is a quote. Empty lines
 * are passed over. A quote that is not closed ends the row at the end of its line, so that it costs that row alone.
 */
export function* parseCsv(text: string, separator: string): Generator<CsvRow> {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (position < text.length) {
    const cells: string[] = [];
    const begins = line;
    for (let isLast = false; !isLast;) {
      while (text[position] === " ") position++;
      let cell: string;
      const closing = text[position] === '"' ? closingQuote(text, position + 1, separator) : -1;
      if (closing >= 0) {
        cell = text.slice(position + 1, closing).replaceAll('""', '"');
        line += cell.split("\n").length - 1;
        position = closing + 1;
      } else {
        const end = endOfCell(text, position, separator);
        cell = text.slice(position, end);
        position = end;
      }
      cells.push(cell.trim());
      while (text[position] === " ") position++;
      isLast = text[position] !== separator;
      if (!isLast) position++;
    }
    if (text[position] === "\r") position++;
    if (text[position] === "\n") position++;
    line++;
    if (cells.length > 1 || cells[0] !== "") yield { line: begins, cells };
  }
}

const endOfCell = (text: string, from: number, separator: string): number => {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
  return end;
};

/** Where the quote opened before `from` closes: a single quote mark before a separator or a line's end; −1 where it does not. */
const closingQuote = (text: string, from: number, separator: string): number => {
  const limit = from + longestCell;
  for (let at = text.indexOf('"', from); at >= 0 && at < limit; at = text.indexOf('"', at + 1)) {
    if (text[at + 1] === '"') {
      at++;
      continue;
    }
    let after = at + 1;
    while (text[after] === " ") after++;
    const next = text[after];
    return next === undefined || next === separator || next === "\n" || next === "\r" ? at : -1;
  }
  return -1;
};
