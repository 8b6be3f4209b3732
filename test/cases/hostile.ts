import type { CaseCheck } from "./case.ts";

export const hostile: readonly CaseCheck[] = [];
