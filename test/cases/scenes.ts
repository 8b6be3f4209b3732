import type { CaseCheck } from "./case.ts";

export const scenes: readonly CaseCheck[] = [];
