import { expect, it } from "vitest";
import { shortageText } from "../../cli/system-shortage.ts";

const system = (code: string): Error =>
  Object.assign(new Error(`${code}: it does not go, write\nmore`), { code });

it.each([
  "ENOSPC",
  "EDQUOT",
  "EROFS",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "EAGAIN",
  "EIO",
  "ERR_WORKER_OUT_OF_MEMORY",
])("%s is told in one line that says what helps, however deep it lies", (code) => {
  const deep = new Error("broke off", { cause: new Error("inside", { cause: system(code) }) });
  for (const error of [system(code), deep]) {
    expect(shortageText(error)).toMatch(new RegExp(`^${code}: it does not go, write; \\S.+`));
    expect(shortageText(error)).not.toContain("\n");
  }
});

it("what is no shortage is left to be reported as a fault of the program", () => {
  expect(shortageText(new TypeError("x is not a function"))).toBeNull();
  expect(shortageText(system("ENOENT"))).toBeNull();
  expect(shortageText("text")).toBeNull();
});
