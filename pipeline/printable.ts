/**
 * What must not reach a terminal, a page or a log as it is: control characters (C0, DEL, C1), line separators, and what turns
 * the direction of text or has no width (Unicode TR 36, section 2.6): names of files, classes and scenes come from strangers.
 * Halves of surrogate pairs too, which no encoding can write.
 */
const unprintable =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** As JSON writes it, so that JSON stays JSON. */
const escaped = (character: string): string =>
  short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** `text` on one line, with everything that would not be seen as it is written out: ESC as `\u001b`, a line break as `\n`. */
export const printable = (text: string): string => text.replaceAll(unprintable, escaped);

/** The same for text of several lines: line breaks and tabs stay. */
export const printableLines = (text: string): string =>
  text.replaceAll(unprintable, (character) =>
    character === "\n" || character === "\t" ? character : escaped(character),
  );

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const boldText = /\u001b\[(?:1|22)m/g;

/** Bold, and what draws a line of progress anew: cursor there and back, hidden and shown, lines erased and not wrapped. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const progressLine = /\u001b\[(?:(?:1|22)m|\?(?:7|25)[hl]|\d*(?:;\d+)?[ABGHJK])|\u001b[78]|\r(?=\u001b\[)/g;

/** What this program itself sends to its outputs. */
const styles = { plain: null, bold: boldText, progress: progressLine } as const;

/** Which of our own sequences an output may hold. */
export type Styles = keyof typeof styles;

/** `text` as it may be written to an output: sequences of `allowed` stay, whatever else would steer a terminal is written out. */
export const forTerminal = (text: string, allowed: Styles): string => {
  const ours = styles[allowed];
  if (ours === null) return printableLines(text);
  let result = "";
  let from = 0;
  for (const { index, 0: style } of text.matchAll(ours)) {
    result += printableLines(text.slice(from, index)) + style;
    from = index + style.length;
  }
  return result + printableLines(text.slice(from));
};
