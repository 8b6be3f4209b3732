import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunVoice } from "../../pipeline/bus/run-bus.ts";
import { eventSubject } from "../../pipeline/bus/subjects.ts";
import { messageOf } from "../../pipeline/errors.ts";
import { encodeEventMessage, type ToldRow, type ToldSample } from "../../pipeline/mission/event-message.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { flightRows, waitRow } from "./fact-rows.ts";
import { numberingOf } from "./mission-plan.ts";

/** At most so often a satellite tells what happened, unless it is much; ms of wall time. */
const tellEvery = 500;

/** For the last of it a satellite waits no longer: the run may be over, and nobody listens; ms. */
const lastWait = 5_000;

/** So many rows are told at once. */
const mostRows = 2_000;

/** A satellite's log that goes out over the bus. */
export interface ToldFlight {
  readonly log: FlightLog;
  /** Resolves once all is told; what cannot be told is not waited for. */
  readonly close: () => Promise<void>;
}

/**
 * Tells what happens to a satellite on subject `event`, for the mission record of the command that holds the run. A flight does not depend on
 * it: what cannot be told is said once by `note`, and left out.
 */
export const tellFlight = (
  {
    run,
    contacts,
    satellites,
    stations,
  }: Pick<RunPlan, "contacts" | "satellites" | "stations"> & {
    readonly run: string;
  },
  satellite: string,
  voice: RunVoice,
  note: (text: string) => void,
): ToldFlight => {
  const numbering = numberingOf({ satellites: satellites.map((id) => ({ id })), stations, contacts });
  const subject = eventSubject(run, satellite);
  const life = randomBytes(6).toString("hex");
  let rows: ToldRow[] = [];
  let samples: ToldSample[] = [];
  let [count, toldAt] = [0, -Infinity];
  let queue: Promise<void> = Promise.resolve();
  let failed = false;
  const guarded = (work: () => Promise<void>): void => {
    queue = queue.then(work).catch((error: unknown) => {
      if (!failed) note(`who watches the run is not told what ${satellite} does: ${messageOf(error)}`);
      failed = true;
    });
  };
  return {
    log: {
      tell: (fact) => void rows.push(...(flightRows(numbering, satellite, fact) as readonly ToldRow[])),
      sample: (...sample) => void samples.push(sample),
      stoodStill: (wait) => void rows.push(waitRow(numbering, satellite, wait) as ToldRow),
      through(t) {
        const isLast = t >= contacts.to;
        const isDue = isLast || rows.length >= mostRows || performance.now() - toldAt >= tellEvery;
        if (failed || !isDue) return;
        const message = encodeEventMessage({ kind: "told", life, rows, samples, through: t });
        [rows, samples, toldAt] = [[], [], performance.now()];
        count += 1;
        const id = `event.${life}.${count}`;
        guarded(() => voice.publish(subject, message, id));
      },
    },
    async close() {
      guarded(() => (failed ? Promise.resolve() : voice.flush()));
      await Promise.race([queue, sleep(lastWait, undefined, { ref: false })]);
    },
  };
};
