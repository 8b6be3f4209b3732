import { randomBytes } from "node:crypto";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { openVoice } from "../../pipeline/bus/run-bus.ts";
import { openStream } from "../../pipeline/bus/run-streams.ts";
import { controlSpeaker, eventSubject } from "../../pipeline/bus/subjects.ts";
import { messageOf } from "../../pipeline/errors.ts";
import { encodeEventMessage, type EventMessage } from "../../pipeline/mission/event-message.ts";
import type { RecordSink } from "./record-sink.ts";

/** The writer says that it lives so often; ms. */
const aliveEvery = 5_000;

/** At the end nobody waits longer for a server that does not take it; ms. */
const lastWait = 10_000;

/**
 * A record that goes out over the bus, for gateways that do not see this disk (subject `event`, speaker `mission-control`). Nothing waits for it
 * before the end, and nothing fails with it: what cannot be said is told once by `note`.
 */
export const busSink = (bus: Bus, run: string, note: (text: string) => void): RecordSink => {
  const voice = openVoice(bus, run);
  const subject = eventSubject(run, controlSpeaker);
  const life = randomBytes(6).toString("hex");
  let [count, failed] = [0, false];
  let queue: Promise<void> = Promise.resolve();
  const then = (work: () => Promise<void>): Promise<void> => {
    queue = queue
      .then(() => (failed ? undefined : work()))
      .catch((error: unknown) => {
        if (!failed) note(`the mission record is not told over NATS: ${messageOf(error)}`);
        failed = true;
      });
    return queue;
  };
  const say = (message: EventMessage): void => {
    const payload = encodeEventMessage(message);
    count += 1;
    const id = `record.${life}.${count}`;
    void then(() => voice.publish(subject, payload, id));
  };
  void then(() => openStream(bus, run, "event"));
  const alive = setInterval(() => say({ kind: "alive" }), aliveEvery);
  alive.unref();
  const stored = (): Promise<void> =>
    Promise.race([
      then(() => voice.flush()),
      new Promise<void>((resolve) => void setTimeout(resolve, lastWait).unref()),
    ]);
  const close = async (): Promise<void> => {
    clearInterval(alive);
    await stored();
    await voice[Symbol.asyncDispose]();
  };
  let ending: Promise<void> | null = null;
  const end = (): Promise<void> => (ending ??= close());
  return {
    put(files, head) {
      for (const { path, content } of files)
        say({ kind: "file", path, content: typeof content === "string" ? Buffer.from(content) : content });
      say({ kind: "head", head });
    },
    async complete(head) {
      say({ kind: "head", head });
      await end();
    },
    flushed: stored,
    settled: end,
    remove: end,
  };
};
