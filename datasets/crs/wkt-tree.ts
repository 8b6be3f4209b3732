/** One element of well-known text: `NAME["text", 1, CHILD[…]]`. */
export interface WktNode {
  readonly keyword: string;
  /** Texts and numbers in their order. */
  readonly values: readonly (string | number)[];
  readonly children: readonly WktNode[];
}

const tokens =
  /\s*(?:"((?:[^"]|"")*)"|([A-Za-z_][\w.]*)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([[\](),]))/y;
const mostDepth = 32;

/** Reads well-known text of either version, and of Esri. `null` when it is none. */
export const parseWktTree = (text: string): WktNode | null => {
  let at = 0;
  const next = (): RegExpExecArray | null => {
    tokens.lastIndex = at;
    const match = tokens.exec(text);
    if (match !== null) at = tokens.lastIndex;
    return match;
  };
  const node = (keyword: string, depth: number): WktNode | null => {
    const values: (string | number)[] = [];
    const children: WktNode[] = [];
    if (depth > mostDepth || !/[[(]/.test(next()?.[4] ?? "")) return null;
    for (;;) {
      const token = next();
      if (token === null) return null;
      const [, quoted, word, number, mark] = token;
      if (mark === "]" || mark === ")") return { keyword: keyword.toUpperCase(), values, children };
      if (quoted !== undefined) values.push(quoted.replaceAll('""', '"'));
      else if (number !== undefined) values.push(Number(number));
      else if (word !== undefined) {
        const opens = /^\s*[[(]/.test(text.slice(at, at + 8));
        const child = opens ? node(word, depth + 1) : null;
        if (opens && child === null) return null;
        if (child === null) values.push(word);
        else children.push(child);
      } else if (mark !== ",") return null;
    }
  };
  const word = next()?.[2];
  return word === undefined ? null : node(word, 0);
};

/** The first child of one of these keywords. */
export const childOf = (node: WktNode | undefined, ...keywords: readonly string[]): WktNode | undefined =>
  node?.children.find(({ keyword }) => keywords.includes(keyword));

/** The first value of a node as text; empty when there is no node. */
export const textOf = (node: WktNode | undefined): string => `${node?.values[0] ?? ""}`;

/** The value at a place, where it is a number. */
export const numberOf = (node: WktNode | undefined, index: number): number | null => {
  const value = node?.values[index];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};
