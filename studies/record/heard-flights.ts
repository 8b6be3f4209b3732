import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "../../pipeline/bus/connection.ts";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import { speakerOf, streamName, streamSubjects } from "../../pipeline/bus/subjects.ts";
import { isSwathError, messageOf } from "../../pipeline/errors.ts";
import { decodeEventMessage, type EventMessage, type ToldRow } from "../../pipeline/mission/event-message.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { NamedRow } from "./fact-rows.ts";
import type { PolicyRecorder } from "./policy-recorder.ts";

/** At most so often what satellites have passed is held against what the ground has heard; ms. */
const lookEvery = 500;

/** Satellites that have finished may still be telling; ms. */
const lastWait = 10_000;

type Told = Extract<EventMessage, { kind: "told" }>;

/**
 * What a node that was killed told, its next life tells again, in whatever pieces: a row is taken as often as the life that told it most often
 * did.
 */
const freshRows = () => {
  const most = new Map<string, number>();
  const inLife = new Map<string, number>();
  let current = "";
  return ({ life, rows }: Told): readonly ToldRow[] => {
    if (life !== current) {
      current = life;
      inLife.clear();
    }
    return rows.filter((row) => {
      const key = JSON.stringify(row);
      const count = (inLife.get(key) ?? 0) + 1;
      inLife.set(key, count);
      if (count <= (most.get(key) ?? 0)) return false;
      most.set(key, count);
      return true;
    });
  };
};

/** Satellites that fly elsewhere, heard for a mission record. Dispose of it to stop listening. */
export interface HeardFlights extends AsyncDisposable {
  /** The mission centre has dealt with that message of the stations. */
  readonly read: (seq: number) => void;
  /** Waits for those who are still telling; whose word is missing is left out of the record and named there. */
  readonly close: () => Promise<void>;
}

/** Writes down what satellites in other processes tell on subject `event`. The run does not depend on it. */
export const hearFlights = (
  bus: Bus,
  run: RunBus,
  plan: RunPlan,
  recorder: PolicyRecorder,
  note: (text: string) => void,
  lastWaitMs = lastWait,
): HeardFlights => {
  const stop = new AbortController();
  const { signal } = stop;
  const fresh = new Map(plan.satellites.map((id) => [id, freshRows()]));
  const logs = new Map(plan.satellites.map((id) => [id, recorder.flight(id)]));
  const places = new Map(plan.satellites.map((id, place) => [id, place]));
  const passed = new Map<string, Instant>();
  const finished = new Set<string>();
  let readTo = 0;
  let isGrown = false;

  /** A satellite speaks of itself alone. */
  const isOwn = (satellite: string, { row, table }: ToldRow): boolean => {
    const self = row["satellite"] ?? (table === "hops" ? places.get(satellite) : row["from"]);
    return self === places.get(satellite);
  };
  const take = (satellite: string, said: Told): void => {
    const log = logs.get(satellite);
    if (log === undefined) return;
    for (const row of fresh.get(satellite)?.(said) ?? [])
      if (isOwn(satellite, row)) recorder.add(row as NamedRow);
    for (const sample of said.samples) log.sample(...sample);
    passed.set(satellite, said.through);
    if (said.through >= plan.contacts.to) finished.add(satellite);
    isGrown = true;
  };
  const listen = async (): Promise<void> => {
    for await (const { subject, data } of run.follow(streamSubjects(run.run, "event"), {
      from: "start",
      signal,
    })) {
      try {
        const said = decodeEventMessage(data);
        if (said.kind === "told") take(speakerOf(subject), said);
      } catch (error) {
        if (!isSwathError(error)) throw error;
        note(`left out of the mission record: ${error.message}`);
      }
    }
  };
  /** What satellites had passed is settled once the centre has heard all that stations had said by then. */
  const settle = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(lookEvery, undefined, { signal }).catch(() => undefined);
      if (!isGrown || signal.aborted) continue;
      isGrown = false;
      const through = [...passed];
      const ground = streamName(run.run, "ground");
      const { last_seq: said } = (
        await bus.persist(`cannot look into stream ${ground}`, () => bus.manager.streams.info(ground))
      ).state;
      while (readTo < said && !signal.aborted)
        await sleep(lookEvery / 5, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) for (const [satellite, t] of through) logs.get(satellite)?.through(t);
    }
  };
  let failed = false;
  const quietly = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!signal.aborted && !failed)
        note(`what satellites tell cannot be written down for now: ${messageOf(error)}`);
      failed = true;
    }
  };
  const parts = [quietly(listen()), quietly(settle())];
  const end = async (): Promise<void> => {
    stop.abort();
    await Promise.all(parts);
  };
  return {
    read: (seq) => void (readTo = seq),
    async close() {
      for (let waited = 0; waited < lastWaitMs && finished.size < plan.satellites.length; waited += 50)
        await sleep(50);
      await end();
      const silent = plan.satellites.filter((id) => !finished.has(id));
      if (silent.length > 0) recorder.leaveOut(`what ${silent.join(", ")} did on board: not all was heard`);
    },
    [Symbol.asyncDispose]: end,
  };
};
