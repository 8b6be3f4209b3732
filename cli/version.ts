import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../pipeline/package.ts";

const text = readFileSync(join(packageRoot, "package.json"), "utf8");

/** As in package.json. */
export const version: string = (JSON.parse(text) as { version: string }).version;
