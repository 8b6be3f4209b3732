import type { CaseCheck } from "./case.ts";

export const validity: readonly CaseCheck[] = [];
