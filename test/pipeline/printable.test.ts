import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SwathError } from "../../pipeline/errors.ts";
import { forTerminal, printable, printableLines } from "../../pipeline/printable.ts";

const cruel = fc.string({
  unit: fc.constantFrom(
    "a",
    "é",
    "船",
    "🚢",
    "\u001b",
    "[",
    "2",
    "J",
    "\n",
    "\r",
    "\u0007",
    "\u009b",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ud800",
    "\u0000",
  ),
});

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const steering = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe("what strangers name", () => {
  it("never steers a terminal, and stays on its line", () => {
    fc.assert(fc.property(cruel, (text) => !steering.test(printable(text))));
  });

  it("reads as before when there is nothing to hide", () => {
    for (const name of ["ship", "船舶", "Straße 7", "naïve–café", "👨‍👩‍👧"]) expect(printable(name)).toBe(name);
  });

  it("shows what was there", () => {
    expect(printable("\u001b[2Jship\nfake: line")).toBe("\\u001b[2Jship\\nfake: line");
    expect(printableLines("a\n\tb\u202e")).toBe("a\n\tb\\u202e");
  });

  it("leaves JSON as it is", () => {
    fc.assert(
      fc.property(cruel, (text) => {
        const json = JSON.stringify({ text }, null, 2);
        expect(JSON.parse(forTerminal(json, "bold"))).toEqual(JSON.parse(json));
      }),
    );
  });

  it("keeps our own styles where they are allowed", () => {
    expect(forTerminal("\u001b[1mfits\u001b[22m \u001b[31mred", "bold")).toBe(
      "\u001b[1mfits\u001b[22m \\u001b[31mred",
    );
    expect(forTerminal("\u001b[1mfits", "plain")).toBe("\\u001b[1mfits");
    expect(forTerminal("\r\u001b[Kdone\rover", "progress")).toBe("\r\u001b[Kdone\\rover");
  });

  it("makes one line of an error", () => {
    const error = new SwathError("label", { what: 'class "\u001b]0;x\u0007"', got: "a\nb" });
    expect(error.message).toBe('class "\\u001b]0;x\\u0007": got a\\nb');
  });
});
