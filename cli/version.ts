import { readFileSync } from "node:fs";

const packageFile = (): URL => {
  const here = new URL("../package.json", import.meta.url);
  // Compiled, this file lies one folder deeper.
  return import.meta.url.endsWith(".ts") ? here : new URL("../../package.json", import.meta.url);
};

/** As in package.json. */
export const version: string = (JSON.parse(readFileSync(packageFile(), "utf8")) as { version: string })
  .version;
