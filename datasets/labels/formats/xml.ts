/** An XML element: what label files need of it, without attributes, namespaces or order of mixed text. */
export interface XmlNode {
  readonly name: string;
  /** The text directly in it, trimmed. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlNode[];
}

/** Deeper nesting stands in no label file, and would end the stack of whoever walks it. */
const mostDepth = 64;

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decodeEntities = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

const close = ({ name, text, children }: OpenElement): XmlNode => ({ name, text: text.trim(), children });

/**
 * Reads the elements of an XML text. Comments, instructions and a document type are passed over; entities of a document type are
 * not expanded. Returns the root, or in words what is wrong. One pass: time grows with the length and nothing else.
 */
export const parseXml = (text: string): XmlNode | string => {
  const open: OpenElement[] = [];
  let root: XmlNode | null = null;
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (position < text.length) {
    const start = text.indexOf("<", position);
    const parent = open.at(-1);
    if (parent) parent.text += decodeEntities(text.slice(position, start < 0 ? text.length : start));
    if (start < 0) break;
    const passOver = [
      ["<!--", "-->"],
      ["<![CDATA[", "]]>"],
      ["<?", "?>"],
      ["<!", ">"],
    ].find(([begin = ""]) => text.startsWith(begin, start));
    const ending = passOver?.[1] ?? ">";
    const end = text.indexOf(ending, start);
    if (end < 0) return `"${ending}" missing after character ${start}`;
    const inside = text.slice(start + 1, end);
    position = end + ending.length;
    if (passOver) {
      if (passOver[0] === "<![CDATA[" && parent) parent.text += text.slice(start + 9, end);
      continue;
    }
    if (inside.startsWith("/")) {
      const done = open.pop();
      if (!done || done.name !== inside.slice(1).trim()) return `</${inside.slice(1, 40)}> closes nothing`;
      const element = close(done);
      const above = open.at(-1);
      if (above) above.children.push(element);
      else root ??= element;
      continue;
    }
    if (root !== null) return "more than one root";
    const name = /^[^\s/>]+/.exec(inside)?.[0];
    if (name === undefined) return `a tag without name at character ${start}`;
    if (open.length >= mostDepth) return `more than ${mostDepth} levels`;
    if (inside.endsWith("/")) {
      const element: XmlNode = { name, text: "", children: [] };
      if (parent) parent.children.push(element);
      else root = element;
    } else open.push({ name, text: "", children: [] });
  }
  const unclosed = open.at(-1);
  return unclosed ? `<${unclosed.name.slice(0, 40)}> is not closed` : (root ?? "no element");
};

/** The first child of that name. */
export const childOf = (element: XmlNode, name: string): XmlNode | undefined =>
  element.children.find((child) => child.name === name);

/** A child's text as a number; `NaN` where there is none. */
export const numberIn = (element: XmlNode | undefined, name: string): number => {
  const text = element && childOf(element, name)?.text;
  return text ? Number(text) : NaN;
};
