/**
 * What the link costs: framing and Reed–Solomon in MB/s, and segments through JetStream on loopback, published and
 * followed as a run does, against a bare publish loop and a bare consumer of the same messages with the same window.
 *
 *     npm run bench:link
 */
import { DeliverPolicy } from "@nats-io/jetstream";
import { connectBus } from "../../pipeline/bus/connection.ts";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { openRun } from "../../pipeline/bus/run-bus.ts";
import { startNatsServer } from "../../pipeline/bus/server.ts";
import { linkSubject, streamName } from "../../pipeline/bus/subjects.ts";
import { frameBytes, framesPerSegment, packFrame, readFrame } from "../../pipeline/link/frames/frame.ts";
import { cutPiece } from "../../pipeline/link/frames/piece.ts";
import { encodeCheckSymbols } from "../../pipeline/link/frames/reed-solomon.ts";
import { encodeLinkMessage } from "../../pipeline/link/transfer/link-message.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { instant } from "../../pipeline/units.ts";
import { reportFigures } from "./figures.ts";

const megabytesPerSecond = (bytes: number, since: number): number =>
  bytes / 1000 / (performance.now() - since);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const say = (label: string, value: number, unit = "MB/s"): void =>
  console.log(`${label.padEnd(58)} ${value.toFixed(unit === "×" ? 2 : 0).padStart(6)} ${unit}`);

const random = seeded("bench:link");
const envelope = Uint8Array.from({ length: 2_000_000 }, () => random.uint32());

/** A full segment of frames that carry one large product. */
const packSegment = (buffer: Uint8Array): void => {
  let offset = 0;
  for (let n = 0; n < framesPerSegment; n++) {
    const pieces = packFrame(
      1,
      n,
      (room) => cutPiece(7, envelope, offset, envelope.length, room),
      buffer,
      n * frameBytes,
    );
    for (const { data } of pieces) offset += data.length;
  }
};

const segmentFrames = new Uint8Array(framesPerSegment * frameBytes);

/** Runs `work` on whole segments for about a second; MB/s of coded frames. */
const overSegments = (work: () => void): number => {
  for (let i = 0; i < 20; i++) work();
  const start = performance.now();
  let rounds = 0;
  for (; performance.now() - start < 1000; rounds++) work();
  return megabytesPerSecond(rounds * segmentFrames.length, start);
};

const eachFrame = (visit: (at: number) => void): void => {
  for (let at = 0; at < segmentFrames.length; at += frameBytes) visit(at);
};

const benchFrames = (): void => {
  say(
    "pack frames (pieces, CRC-32, Reed–Solomon)",
    overSegments(() => packSegment(segmentFrames)),
  );
  say(
    "  Reed–Solomon check symbols alone",
    overSegments(() => eachFrame((at) => encodeCheckSymbols(segmentFrames, at + 4))),
  );
  say(
    "read frames, none damaged",
    overSegments(() => eachFrame((at) => void readFrame(segmentFrames, at))),
  );
  const damaged = (at: number): void => {
    for (const offset of [100, 500, 900]) segmentFrames[at + offset]! ^= 0x10;
    if (readFrame(segmentFrames, at).kind !== "whole")
      throw new Error("three wrong symbols were not put right");
  };
  say(
    "read frames, each with three wrong symbols",
    overSegments(() => eachFrame(damaged)),
  );
};

const messages = 800;
const payload = (): Uint8Array =>
  encodeLinkMessage({
    kind: "segment",
    segment: {
      satellite: "sat-1",
      station: "svalbard",
      contact: "sat-1.svalbard.0",
      turn: 0,
      segment: 0,
      sentFrom: instant(0),
      sentTo: instant(1),
      firstFrame: 0,
      frameCount: framesPerSegment,
      frames: segmentFrames,
      endsTurn: false,
    },
  });

/** Ours: ordered, deduplicated, resent after a restart. MB/s from the first publish to the last message followed. */
const throughRunBus = async (bus: Bus, run: string, data: Uint8Array): Promise<number> => {
  await using link = await openRun(bus, run);
  const subject = linkSubject(run, "sat-1", "svalbard");
  const start = performance.now();
  const followed = (async (): Promise<void> => {
    let count = 0;
    for await (const message of link.follow(subject, { from: "start" })) {
      if (message.data.length !== data.length) throw new Error("a message came back cut");
      if (++count === messages) break;
    }
  })();
  for (let i = 0; i < messages; i++) await link.publish(subject, data, `id-${i}`);
  await link.flush();
  await followed;
  return megabytesPerSecond(messages * data.length, start);
};

/** As the library's user would: `js.publish` with message ids, as many in flight as ours, an ordered consumer. */
const bare = async (bus: Bus, run: string, data: Uint8Array): Promise<number> => {
  const subject = linkSubject(run, "sat-1", "svalbard");
  await openRun(bus, run).then((link) => link[Symbol.asyncDispose]());
  const inFlight = Math.floor(16e6 / data.length);
  const start = performance.now();
  const consumer = await bus.js.consumers.get(streamName(run, "link"), {
    filter_subjects: subject,
    deliver_policy: DeliverPolicy.All,
  });
  const followed = (async (): Promise<void> => {
    let count = 0;
    for await (const message of await consumer.consume({ max_bytes: 8 * 1024 * 1024 })) {
      if (message.data.length !== data.length) throw new Error("a message came back cut");
      if (++count === messages) break;
    }
  })();
  const pending: Promise<unknown>[] = [];
  for (let i = 0; i < messages; i++) {
    if (pending.length >= inFlight) await pending.shift();
    pending.push(bus.js.publish(subject, data, { msgID: `id-${i}` }));
  }
  await Promise.all(pending);
  await followed;
  return megabytesPerSecond(messages * data.length, start);
};

const benchBus = async (): Promise<void> => {
  const data = payload();
  await using server = await startNatsServer();
  await using bus = await connectBus({ url: server.url, name: "bench" });
  const ours: number[] = [];
  const theirs: number[] = [];
  // In turn, and each first once: noise of the machine then hits both alike. The first round only warms up.
  for (let round = 0; round < 6; round++) {
    const order = round % 2 === 0 ? [bare, throughRunBus] : [throughRunBus, bare];
    for (const way of order) {
      const rate = await way(bus, `r${round}-${way.name}.b1`, data);
      if (round > 0) (way === bare ? theirs : ours).push(rate);
      for await (const { config } of bus.manager.streams.list())
        await bus.manager.streams.delete(config.name);
    }
  }
  say(`${messages} segments of ${data.length} B: published and followed`, median(ours));
  say("the same messages, bare publish loop and consumer", median(theirs));
  reportFigures([
    {
      what: `link segments of ${Math.round(data.length / 1000)} kB through JetStream, published and followed`,
      value: median(ours),
      unit: "MB/s",
      beside: { what: "bare publish loop and consumer", value: median(theirs) },
      bar: { on: "ratio", least: 0.8 },
    },
  ]);
};

benchFrames();
await benchBus();
