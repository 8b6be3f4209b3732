import type { CaseCheck } from "./case.ts";

export const labels: readonly CaseCheck[] = [];
