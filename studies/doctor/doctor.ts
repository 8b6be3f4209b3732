import { isSwathError, messageOf } from "../../pipeline/errors.ts";
import type { Check, DoctorRequest, Outcome } from "./check.ts";
import {
  decodingCheck,
  filesCheck,
  memoryCheck,
  resultsCheck,
  scratchCheck,
  softwareCheck,
} from "./machine-checks.ts";
import { modelCheck } from "./model-check.ts";
import { connectionCheck, permissionCheck, programCheck, storageCheck } from "./server-checks.ts";

/** Everything that is looked at, in this order. A new check is one value and one line. */
export const checks: readonly Check[] = [
  softwareCheck,
  memoryCheck,
  filesCheck,
  scratchCheck,
  resultsCheck,
  decodingCheck,
  programCheck,
  connectionCheck,
  storageCheck,
  permissionCheck,
  modelCheck,
];

/** A check and what it came to. */
export interface Diagnosis extends Outcome {
  readonly name: string;
}

/** Looks at all that a run needs, one after another; a check that breaks costs itself alone. Throws the reason of `signal`. */
export async function* diagnose(
  request: DoctorRequest,
  signal: AbortSignal,
  looked: readonly Check[] = checks,
): AsyncGenerator<Diagnosis> {
  const failed = new Set<string>();
  for (const { name, needs, look } of looked) {
    signal.throwIfAborted();
    if (needs !== undefined && failed.has(needs)) {
      failed.add(name);
      yield { name, state: "fails", says: `not looked at, since "${needs}" fails` };
      continue;
    }
    try {
      const outcome = await look(request, signal);
      if (outcome.state === "fails") failed.add(name);
      yield { name, ...outcome };
    } catch (error) {
      signal.throwIfAborted();
      failed.add(name);
      const hint = isSwathError(error) ? error.parts.hint : undefined;
      const { what, got } = isSwathError(error) ? error.parts : { what: messageOf(error), got: undefined };
      const says = got === undefined ? what : `${what}: ${got}`;
      yield { name, state: "fails", says, ...(hint === undefined ? {} : { hint }) };
    }
  }
}
