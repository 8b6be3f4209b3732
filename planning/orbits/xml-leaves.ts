import { SwathError } from "../../pipeline/errors.ts";

/** An element on the way to a leaf: its name without a prefix, and the how-manieth of that name in the text, from 1. */
export interface XmlStep {
  readonly name: string;
  readonly ordinal: number;
}

/** An element that holds text and no other elements. */
export interface XmlLeaf {
  /** From the root to the leaf itself. */
  readonly path: readonly XmlStep[];
  readonly text: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The five names of XML and numbers of characters; what else there is stays as it stands. */
const decoded = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]+));/g, (whole, ten, sixteen, name) => {
    if (name !== undefined) return named[name as string] ?? whole;
    const code = ten === undefined ? Number.parseInt(sixteen as string, 16) : Number(ten);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : (whole as string);
  });

/** Comments and instructions, character data as it stands, declarations, tags, text; in this order. */
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!(\w+)|<(\/?)([^\s/>"'<]+)((?:\s+[^\s=/>"'<]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** No message nests deeper. */
const deepest = 64;

/**
 * The leaves of a small XML text, in order: enough for messages that are lists of keywords and values. Prefixes of names are dropped,
 * and document types refused: they bring entities that grow.
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") for tags that do not close, text that is no XML, a document type
 */
export const xmlLeaves = (text: string, source: string): readonly XmlLeaf[] => {
  const broken = (at: number, wanted: string, got: string): SwathError =>
    new SwathError("orbit", {
      what: `${source} line ${text.slice(0, at).split("\n").length} is no XML`,
      wanted,
      got,
    });
  const leaves: XmlLeaf[] = [];
  const path: XmlStep[] = [];
  const counts = new Map<string, number>();
  let attributes: ReadonlyMap<string, string> = new Map();
  let content = "";
  let hasChildren = true;
  const close = (): void => {
    if (!hasChildren) leaves.push({ path: [...path], text: content.trim(), attributes });
    path.pop();
    content = "";
    hasChildren = true;
  };
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) throw broken(at, "a tag or text", JSON.stringify(text.slice(at, at + 30)));
    const [, characters, declaration, slash, rawName, rawAttributes, empty, plain] = match;
    if (declaration !== undefined) throw broken(at, "elements and text alone", `<!${declaration}`);
    if (characters !== undefined) content += characters;
    else if (plain !== undefined) content += decoded(plain);
    if (rawName === undefined) continue;
    const name = rawName.slice(rawName.indexOf(":") + 1);
    if (slash === "/") {
      const open = path.at(-1)?.name;
      if (open !== name) throw broken(at, open === undefined ? "no closing tag" : `</${open}>`, `</${name}>`);
      close();
      continue;
    }
    const ordinal = (counts.get(name) ?? 0) + 1;
    counts.set(name, ordinal);
    path.push({ name, ordinal });
    if (path.length > deepest) throw broken(at, `at most ${deepest} elements in each other`, "more");
    attributes = new Map(
      Array.from((rawAttributes ?? "").matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), (one) => [
        one[1] as string,
        decoded(one[2] ?? one[3] ?? ""),
      ]),
    );
    content = "";
    hasChildren = false;
    if (empty === "/") close();
  }
  const open = path.at(-1)?.name;
  if (open !== undefined) throw broken(text.length, `</${open}>`, "the end of the text");
  return leaves;
};
