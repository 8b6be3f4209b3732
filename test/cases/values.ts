import type { CaseCheck } from "./case.ts";

export const values: readonly CaseCheck[] = [];
