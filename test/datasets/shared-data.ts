import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the real data lie, when they are there: beside the project, not in it. */
export const sharedData = (path: string): string =>
  fileURLToPath(new URL(`../../../shared/datasets/${path}`, import.meta.url));

export const hasSharedData = existsSync(sharedData("README.md"));
/** To stand in the title of what is skipped. */
export const whySkipped = hasSharedData ? "" : " (skipped: ../shared/datasets is not there)";
