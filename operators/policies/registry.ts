import { adaptive } from "./adaptive.ts";
import { chips } from "./chips.ts";
import { compress } from "./compress.ts";
import { detect } from "./detect.ts";
import type { PolicyKind } from "./policy-kind.ts";
import { raw } from "./raw.ts";
import { screen } from "./screen.ts";

/** Every policy there is, from the most that goes down to the least: the order of help, tables and reports. */
export const policies: readonly PolicyKind[] = [raw, compress, screen, detect, chips, adaptive];
