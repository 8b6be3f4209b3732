import { deflateRawSync, inflateRawSync } from "node:zlib";
import { SwathError } from "../../pipeline/errors.ts";
import type { FlightFact, FlightLog } from "../../pipeline/mission/flight-log.ts";
import type { Wait } from "../../pipeline/mission/body-ledger.ts";

/** What happened to one satellite of a simulation, as it goes from shard to shard and into journals. */
interface Kept {
  readonly facts: readonly FlightFact[];
  readonly waits: readonly Wait[];
  /** Minute by minute from the first: 65535ths, and hundredths of a kelvin. */
  readonly charges: readonly number[];
  readonly temperatures: readonly number[];
}

/** Longest log that is read: a satellite with a picture every few seconds, for days. */
const bound = 256 * 1024 * 1024;

/** A log that is kept, and its text once the flight is over. */
export interface KeptLog extends FlightLog {
  /** Deflated JSON as base64: a tenth of what it says. */
  readonly text: () => string;
}

/** Keeps what happens to one satellite. */
export const keepLog = (): KeptLog => {
  const facts: FlightFact[] = [];
  const waits: Wait[] = [];
  const charges: number[] = [];
  const temperatures: number[] = [];
  return {
    tell: (fact) => void facts.push(fact),
    sample(minute, charge, temperature) {
      charges[minute] = Math.round(charge * 0xffff);
      temperatures[minute] = Math.round(temperature * 100);
    },
    stoodStill: (wait) => void waits.push(wait),
    through: () => undefined,
    text: () => {
      const kept: Kept = { facts, waits, charges, temperatures };
      return deflateRawSync(JSON.stringify(kept), { level: 1 }).toString("base64");
    },
  };
};

/** Tells two at once. */
export const bothLogs = (one: FlightLog, other: FlightLog): FlightLog => ({
  tell(fact) {
    one.tell(fact);
    other.tell(fact);
  },
  sample(minute, charge, temperature) {
    one.sample(minute, charge, temperature);
    other.sample(minute, charge, temperature);
  },
  stoodStill(wait) {
    one.stoodStill(wait);
    other.stoodStill(wait);
  },
  through(t) {
    one.through(t);
    other.through(t);
  },
});

/** Tells a log again. Throws `SwathError("storage")` for a text that `keepLog` did not make. */
export const tellAgain = (text: string, satellite: string, log: FlightLog): void => {
  let kept: Kept;
  try {
    kept = JSON.parse(
      inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: bound }).toString(),
    ) as Kept;
  } catch (cause) {
    throw new SwathError("storage", {
      what: `what happened to ${satellite} cannot be read`,
      hint: "fly the simulation again",
      cause,
    });
  }
  for (const fact of kept.facts) log.tell(fact);
  for (const wait of kept.waits) log.stoodStill(wait);
  for (const [minute, charge] of kept.charges.entries())
    log.sample(minute, charge / 0xffff, (kept.temperatures[minute] ?? 0) / 100);
};
