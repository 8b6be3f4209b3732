import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { decodeColumns } from "../../../pipeline/column-file.ts";
import { openRun, openVoice } from "../../../pipeline/bus/run-bus.ts";
import { busRunOf, groundSubject, streamSubjects } from "../../../pipeline/bus/subjects.ts";
import type { FlightLog } from "../../../pipeline/mission/flight-log.ts";
import type { RunPlan } from "../../../pipeline/mission/run-plan.ts";
import { instant } from "../../../pipeline/units.ts";
import { hearFlights } from "../../../studies/record/heard-flights.ts";
import { numberingOf } from "../../../studies/record/mission-plan.ts";
import { openPolicyRecorder, type PolicyParts } from "../../../studies/record/policy-recorder.ts";
import { tellFlight } from "../../../studies/record/told-flight.ts";
import { ownBus } from "../../pipeline/bus/fixture.ts";

const at = (t: number) => instant(1000 + t);
const horizon = 3600;
const satellites = ["A", "B"];
const plan = {
  satellites,
  stations: [{ id: "gs" }],
  contacts: { from: at(0), to: at(horizon), contacts: [] },
} as unknown as RunPlan;

/** What happens to a satellite up to `t`. */
const live = (log: FlightLog, who: string, until: number): void => {
  for (let minute = 0; minute * 60 < until; minute++) log.sample(minute, 0.9, 290 + minute / 100);
  for (let t = 100; t < until; t += 200) {
    const acquisition = t + satellites.indexOf(who);
    const product = { acquisition, kind: "detections" as const, tile: null };
    log.tell({
      type: "requests",
      answers: [],
      products: [{ ...product, readyAt: at(t), size: 10, value: 1, askedAt: null }],
    });
    log.tell({ type: "evicted", at: at(t + 50), product, bytes: 10, reason: "store-full" });
    log.stoodStill({ from: at(t), to: at(t + 5), reason: "battery" });
    log.through(at(t + 60));
  }
  log.through(at(until));
};

const newRecorder = () => {
  const grown: PolicyParts[] = [];
  const files = new Map<string, Uint8Array>();
  let closed: PolicyParts | null = null;
  const keep = (
    written: readonly { readonly path: string; readonly content: string | Uint8Array }[],
  ): void => {
    for (const { path, content } of written) files.set(path, content as Uint8Array);
  };
  const recorder = openPolicyRecorder({
    policy: { label: "detect", name: "detect", sends: "", where: "board" },
    numbering: numberingOf({ ...plan, satellites: satellites.map((id) => ({ id })) }),
    satellites,
    horizon,
    growEveryMs: 0,
    onGrown(written, parts) {
      keep(written);
      grown.push(parts);
    },
    onClosed(written, parts) {
      keep(written);
      closed = parts;
    },
  });
  return { recorder, grown, files, parts: () => closed as PolicyParts | null };
};

const content = ({ files, parts }: ReturnType<typeof newRecorder>): unknown =>
  (["events", "body"] as const).map((group) =>
    parts()?.[group].map(({ file }) => decodeColumns(files.get(file) as Uint8Array)),
  );

describe("satellites in other processes", () => {
  it("come into the record as if they flew here, also one that is killed and tells all again", async () => {
    await using own = await ownBus();
    const name = busRunOf("r1", "a1");
    await using run = await openRun(own.bus, name);
    const here = newRecorder();
    for (const who of satellites) live(here.recorder.flight(who), who, horizon);
    here.recorder.close();

    const heard = newRecorder();
    const notes: string[] = [];
    await using ears = hearFlights(own.bus, run, plan, heard.recorder, (text) => notes.push(text));
    const tell = async (who: string, until: number): Promise<void> => {
      await using voice = openVoice(own.bus, name);
      const told = tellFlight({ ...plan, run: name }, who, voice, (text) => notes.push(text));
      live(told.log, who, until);
      await told.close();
    };
    await tell("A", 1500);
    await tell("B", horizon);
    await tell("A", horizon);
    // Somebody who talks nonsense.
    own.bus.connection.publish(`swath.${name}.event.A`, "nonsense");
    await ears.close();
    heard.recorder.close();
    expect(content(heard)).toEqual(content(here));
    expect(heard.parts()?.left_out).toBeUndefined();
    expect(
      notes.every((note) => note.startsWith("left out of the mission record: message is no event")),
    ).toBe(true);
  });

  it("are settled while they fly, once the centre has heard what stations said by then", async () => {
    await using own = await ownBus();
    const name = busRunOf("r2", "a1");
    await using run = await openRun(own.bus, name);
    await run.publish(groundSubject(name, "gs"), Buffer.from("x"), "one");
    await run.flush();
    const heard = newRecorder();
    await using ears = hearFlights(own.bus, run, plan, heard.recorder, () => undefined);
    await using voice = openVoice(own.bus, name);
    for (const who of satellites) {
      const told = tellFlight({ ...plan, run: name }, who, voice, () => undefined);
      live(told.log, who, horizon);
      await told.close();
    }
    await sleep(1200);
    expect(heard.grown).toEqual([]);
    for await (const { seq } of run.follow(streamSubjects(name, "ground"), {
      from: "start",
      until: "caught-up",
    }))
      ears.read(seq);
    await expect.poll(() => heard.grown.at(-1)?.through_s).toBe(horizon);
  });

  it("whose word is missing at the end are named", async () => {
    await using own = await ownBus();
    const name = busRunOf("r3", "a1");
    await using run = await openRun(own.bus, name);
    const heard = newRecorder();
    await using ears = hearFlights(own.bus, run, plan, heard.recorder, () => undefined, 200);
    await ears.close();
    heard.recorder.close();
    expect(heard.parts()?.left_out).toEqual(["what A, B did on board: not all was heard"]);
  });
});
