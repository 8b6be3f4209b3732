/** A row of a table as text, and the line that it begins on, counted from 1. */
export interface CommaRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Rows of comma-separated values (RFC 4180: quotes, doubled quotes, line ends inside quotes); semicolon or tab where the first line
 * has no comma. Empty lines and lines that start with `#` are skipped. A quote that is never closed takes the rest of its line alone.
 */
export const commaRows = (text: string): readonly CommaRow[] => {
  const header = /^(?!#).*\S.*$/m.exec(text)?.[0] ?? "";
  const separator = [",", ";", "\t"].find((one) => header.includes(one)) ?? ",";
  const rows: CommaRow[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const begun = line;
    const cells: string[] = [];
    let cell = "";
    for (let open = true; open;) {
      const quoted = cell.trim() === "" && text[at] === '"' ? /"((?:[^"]|"")*)"/y : null;
      if (quoted !== null) quoted.lastIndex = at;
      const match = quoted?.exec(text) ?? null;
      if (match !== null) {
        cell = (match[1] ?? "").replaceAll('""', '"');
        at += match[0].length;
        line += match[0].split("\n").length - 1;
      }
      const character = text[at];
      at++;
      if (character === separator) {
        cells.push(cell);
        cell = "";
      } else if (character === "\n" || character === undefined) {
        line++;
        open = false;
      } else if (character !== "\r") cell += character;
    }
    cells.push(cell);
    const isEmpty = cells.every((one) => one.trim() === "");
    if (!isEmpty && !(cells[0] ?? "").startsWith("#")) rows.push({ line: begun, cells });
  }
  return rows;
};
