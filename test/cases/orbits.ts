import type { CaseCheck } from "./case.ts";

export const orbits: readonly CaseCheck[] = [];
