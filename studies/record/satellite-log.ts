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

/** What has been told since a log was last asked. */
export interface LogGrowth extends Kept {
  readonly firstMinute: number;
}

/** Keeps what is told until it is asked for it. */
export interface GrowingLog extends FlightLog {
  /** What came since the last call. */
  readonly growth: () => LogGrowth;
  /** Nobody asks any more. */
  readonly stop: () => void;
}

/** A log that is kept, and its text once the flight is over. */
export interface KeptLog extends GrowingLog {
  /** Deflated JSON as base64: a tenth of what it says. */
  readonly text: () => string;
}

/** Tells a log what another one has kept. */
export const tellGrowth = (
  { facts, waits, charges, temperatures, firstMinute }: LogGrowth,
  log: FlightLog,
): void => {
  for (const fact of facts) log.tell(fact);
  for (const wait of waits) log.stoodStill(wait);
  for (const [place, charge] of charges.entries())
    log.sample(firstMinute + place, charge / 0xffff, (temperatures[place] ?? 0) / 100);
};

/** Keeps what happens to one satellite for whoever asks from time to time, and forgets what it has said. */
export const growingLog = (): GrowingLog => {
  let facts: FlightFact[] = [];
  let waits: Wait[] = [];
  let charges: number[] = [];
  let temperatures: number[] = [];
  let firstMinute: number | null = null;
  let isOn = true;
  const growth = (): LogGrowth => {
    const grown = { facts, waits, charges, temperatures, firstMinute: firstMinute ?? 0 };
    [facts, waits, charges, temperatures, firstMinute] = [[], [], [], [], null];
    return grown;
  };
  return {
    tell: (fact) => void (isOn && facts.push(fact)),
    sample(minute, charge, temperature) {
      if (!isOn) return;
      firstMinute ??= minute;
      charges[minute - firstMinute] = Math.round(charge * 0xffff);
      temperatures[minute - firstMinute] = Math.round(temperature * 100);
    },
    stoodStill: (wait) => void (isOn && waits.push(wait)),
    through: () => undefined,
    growth,
    stop() {
      isOn = false;
      growth();
    },
  };
};

/** Keeps what happens to one satellite. */
export const keepLog = (): KeptLog => {
  const facts: FlightFact[] = [];
  const waits: Wait[] = [];
  const charges: number[] = [];
  const temperatures: number[] = [];
  let [factsSaid, waitsSaid, minutesSaid] = [0, 0, 0];
  return {
    tell: (fact) => void facts.push(fact),
    sample(minute, charge, temperature) {
      charges[minute] = Math.round(charge * 0xffff);
      temperatures[minute] = Math.round(temperature * 100);
    },
    stoodStill: (wait) => void waits.push(wait),
    through: () => undefined,
    growth() {
      const growth = {
        facts: facts.slice(factsSaid),
        waits: waits.slice(waitsSaid),
        charges: charges.slice(minutesSaid),
        temperatures: temperatures.slice(minutesSaid),
        firstMinute: minutesSaid,
      };
      [factsSaid, waitsSaid, minutesSaid] = [facts.length, waits.length, charges.length];
      return growth;
    },
    stop: () => undefined,
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
  tellGrowth({ ...kept, firstMinute: 0 }, log);
};
