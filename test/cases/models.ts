import type { CaseCheck } from "./case.ts";

export const models: readonly CaseCheck[] = [];
