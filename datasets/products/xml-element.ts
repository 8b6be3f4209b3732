/** An element without children, as product metadata uses them. */
export interface XmlElement {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * All elements called `name` (without namespace prefix) that hold text only. Enough for the flat lists of product metadata, and
 * safe: it expands no entity and follows no reference.
 */
export const xmlElements = (xml: string, name: string): readonly XmlElement[] => {
  const pattern = new RegExp(`<(?:[\\w.-]+:)?${name}((?:\\s[^<>]*)?)>([^<>]*)</`, "g");
  return [...xml.matchAll(pattern)].map(([, attributes = "", text = ""]) => ({
    attributes: Object.fromEntries(
      [...attributes.matchAll(/([\w:.-]+)\s*=\s*["']([^"']*)["']/g)].map(([, key = "", value = ""]) => [
        key,
        value,
      ]),
    ),
    text: text.trim(),
  }));
};

/** The text of the first such element; `null` without one. */
export const xmlText = (xml: string, name: string): string | null => xmlElements(xml, name)[0]?.text ?? null;

/** The number in the first such element; `null` without one or when it is none. */
export const xmlNumber = (xml: string, name: string): number | null => {
  const text = xmlText(xml, name);
  const value = text ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
};
