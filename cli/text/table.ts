/** Borders of a table that has none. */
const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** What every table of a terminal is like: columns two spaces apart, nothing drawn. */
export const plain = { chars: bare, style: { head: [], border: [], "padding-left": 0, "padding-right": 0 } };

/** The lines of a table, two columns in and nothing behind them. */
export const indented = (table: { toString(): string }): readonly string[] =>
  table
    .toString()
    .split("\n")
    .map((line) => `  ${line.trimEnd()}`);
