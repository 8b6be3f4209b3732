import { printableLines } from "../../../pipeline/printable.ts";

/** Text that is markup already and goes into a page as it is. Only `html` makes it. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a `${…}` of `html`: text is escaped, `null` and `false` leave nothing. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for element content and quoted attributes alike; what cannot be seen is written out (see `printable`). */
export const escapeText = (text: string): string =>
  printableLines(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const render = (content: Content): string => {
  if (content === null || content === undefined || content === false) return "";
  if (typeof content === "object") return "markup" in content ? content.markup : content.map(render).join("");
  return escapeText(String(content));
};

/** HTML or SVG with every value escaped: `html`<b title="${name}">${text}</b>``. Quote all attributes. */
export const html = (strings: TemplateStringsArray, ...values: readonly Content[]): Markup => ({
  markup: strings.map((text, i) => text + render(values[i])).join(""),
});

/** A length along an axis as SVG per cent, so that charts stretch without scaling their text. */
export const percent = (fraction: number): string => `${Math.round(fraction * 1e5) / 1e3}%`;

/** A coordinate with two decimals. */
export const point = (value: number): string => String(Math.round(value * 100) / 100);
