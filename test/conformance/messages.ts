import fc from "fast-check";
import { frameBytes, framesPerSegment } from "../../pipeline/link/frames/frame.ts";
import { RangeSet } from "../../pipeline/link/frames/ranges.ts";
import {
  decodeLinkMessage,
  encodeLinkMessage,
  type LinkMessage,
} from "../../pipeline/link/transfer/link-message.ts";
import {
  decodeNakMessage,
  encodeNakMessage,
  type NakMessage,
} from "../../pipeline/link/transfer/nak-message.ts";
import {
  decodeEventMessage,
  encodeEventMessage,
  type EventMessage,
} from "../../pipeline/mission/event-message.ts";
import { decodeResultMessage, encodeResultMessage } from "../../pipeline/mission/result-message.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import {
  decodeTaskMessage,
  encodeTaskMessage,
  type TaskMessage,
} from "../../pipeline/mission/task-message.ts";
import { productKinds } from "../../pipeline/product/product.ts";
import { bytes, instant, seconds } from "../../pipeline/units.ts";
import { decodeMeshMessage, encodeMeshMessage, type MeshMessage } from "../../operators/mesh/mesh-message.ts";
import { decodeNotes, encodeNotes } from "../../operators/mesh/mesh-message.ts";
import type { EpochNotes } from "../../operators/mesh/mesh.ts";
import { decodeRowMessage, encodeRowMessage, type RowMessage } from "../../measure/fleet/row-message.ts";
import {
  decodeGroundMessage,
  encodeGroundMessage,
  type GroundMessage,
} from "../../stations/receive/ground-message.ts";

/** One codec of a subject: what it carries and what its errors are. */
export interface MessageCase<Message> {
  readonly name: string;
  readonly failure: "link" | "bus";
  readonly messages: fc.Arbitrary<Message>;
  readonly encode: (message: Message) => Uint8Array;
  readonly decode: (message: Uint8Array) => Message;
}

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const name = fc.string({ maxLength: 30, unit: "grapheme" }).filter((text) => Buffer.from(text).length < 256);
/** Survives JSON and float64; −0 does not survive JSON. */
const real = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const when = real.map(instant);

const segment = fc
  .record({
    satellite: name,
    station: name,
    contact: name,
    turn: u32,
    segment: u32,
    sentFrom: when,
    sentTo: when,
    firstFrame: u32,
    frameCount: fc.integer({ min: 0, max: framesPerSegment }),
    endsTurn: fc.boolean(),
    isLost: fc.boolean(),
  })
  .map(({ isLost, ...rest }) => ({
    ...rest,
    frames: new Uint8Array(isLost ? 0 : rest.frameCount * frameBytes).fill(7),
  }));

const opening = fc.record({ kind: fc.constant("opening" as const), contact: name });
const end = fc.constant({ kind: "end" as const });
const at = fc.double({ min: 0, max: 1e10, noNaN: true }).map(instant);
const data = fc.uint8Array({ maxLength: 200 });
const through = fc.record({ kind: fc.constant("through" as const), at });
const taken = fc.record({ kind: fc.constant("taken" as const), data });

const link: MessageCase<LinkMessage> = {
  name: "link",
  failure: "link",
  messages: fc.oneof(
    fc.record({ kind: fc.constant("segment" as const), segment }),
    opening,
    end,
    through,
    taken,
  ),
  encode: encodeLinkMessage,
  decode: decodeLinkMessage,
};

const missing = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 50 }).map((numbers) => {
  const set = new RangeSet();
  for (const n of numbers) set.add(n * 3, n * 3 + (n % 4));
  return set.ranges.map(([first, last]) => [first, last] as const);
});

const nak: MessageCase<NakMessage> = {
  name: "nak",
  failure: "link",
  messages: fc.oneof(
    fc.record({
      kind: fc.constant("report" as const),
      report: fc.record({ contact: name, turn: u32, missing, heard: fc.boolean() }),
    }),
    fc.record({
      kind: fc.constant("requests" as const),
      asked: fc.record({
        contact: name,
        requests: fc.array(fc.record({ acquisition: u32, tile: u32 }), { maxLength: 40 }),
      }),
    }),
  ),
  encode: encodeNakMessage,
  decode: decodeNakMessage,
};

const piece = fc
  .record({
    product: fc.nat(),
    offset: fc.nat(),
    more: fc.nat(1000),
    data: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    sentAt: when,
    heardAt: when,
  })
  .map(({ more, ...rest }) => ({ ...rest, total: rest.offset + rest.data.length + more }));

const ground: MessageCase<GroundMessage> = {
  name: "ground",
  failure: "bus",
  messages: fc.oneof(
    fc.record({
      kind: fc.constant("pieces" as const),
      backhaul: fc.record({ station: name, satellite: name, pieces: fc.array(piece, { maxLength: 8 }) }),
    }),
    opening,
    end,
    fc.record({ kind: fc.constant("through" as const), satellite: name, at }),
    fc.record({ kind: fc.constant("taken" as const), satellite: name, data }),
  ),
  encode: encodeGroundMessage,
  decode: decodeGroundMessage,
};

const task: MessageCase<TaskMessage> = {
  name: "task",
  failure: "bus",
  messages: fc.record({
    kind: fc.constant("acquisition" as const),
    acquisition: fc.record({ index: fc.nat(), satellite: name, scene: name, at: when }),
  }),
  encode: encodeTaskMessage,
  decode: decodeTaskMessage,
};

const mesh: MessageCase<MeshMessage> = {
  name: "mesh",
  failure: "bus",
  messages: fc.record({
    kind: fc.constantFrom("part" as const, "last" as const),
    epoch: fc.integer({ min: -1, max: 0x7fffffff }),
    data: fc.uint8Array({ maxLength: 200 }),
  }),
  encode: encodeMeshMessage,
  decode: decodeMeshMessage,
};

const hop = fc.record({ hop: name, from: name, to: name, start: when, end: when, arrival: when });

const notes: MessageCase<EpochNotes> = {
  name: "mesh, its parts put together",
  failure: "bus",
  messages: fc.record({
    offers: fc.array(
      fc.record({
        source: name,
        number: fc.nat(),
        readyAt: when,
        bytes: fc.nat().map(bytes),
        priority: fc.nat(3),
      }),
      { maxLength: 5 },
    ),
    handOvers: fc.array(
      fc.record({
        from: name,
        to: name,
        product: fc.record({
          kind: fc.constantFrom(...productKinds),
          acquisition: fc.nat(),
          tile: fc.option(fc.nat()),
          workAt: real.map(seconds),
          value: real,
          size: fc.nat(),
          slot: fc.constant(null),
          origin: name,
        }),
        hops: fc.array(hop, { maxLength: 3 }),
        payload: fc.option(fc.uint8Array({ maxLength: 60 })),
      }),
      { maxLength: 4 },
    ),
  }),
  encode: encodeNotes,
  decode: decodeNotes,
};

/** Keys that an object takes as any other; `__proto__` is none. */
const key = fc.string({ maxLength: 12 }).filter((text) => text !== "__proto__" && text !== "satellite");

const row: MessageCase<RowMessage> = {
  name: "row",
  failure: "bus",
  messages: fc.record({
    kind: fc.constant("record" as const),
    flight: fc.constantFrom("direct" as const, "mesh" as const),
    record: fc.record({
      row: fc
        .tuple(name, fc.dictionary(key, fc.option(real), { noNullPrototype: true }))
        .map(([satellite, columns]) => ({ ...columns, satellite })),
      made: fc.record({ chips: fc.nat() }, { requiredKeys: [] }),
      delays: fc.record({ detections: fc.array(real, { maxLength: 6 }) }, { requiredKeys: [] }),
      stations: fc.array(fc.record({ station: name, contacts: fc.nat(), bytes: fc.nat(), seconds: real }), {
        maxLength: 3,
      }),
      use: fc
        .tuple(name, fc.dictionary(key, fc.option(real), { noNullPrototype: true }))
        .map(([satellite, columns]) => ({ ...columns, satellite })),
    }),
  }) as unknown as fc.Arbitrary<RowMessage>,
  encode: encodeRowMessage,
  decode: decodeRowMessage,
};

const result: MessageCase<ResultMessage> = {
  name: "result",
  failure: "bus",
  messages: fc.record({
    schema: fc.constant("swath-result/2" as const),
    id: name,
    run: name,
    policy: name,
    scene: name,
    acquisition: fc.nat(),
    satellite: name,
    station: name,
    class: name,
    score: real,
    place: fc.constantFrom("ground", "pixels"),
    box_px: fc.tuple(real, real, real, real),
    outline_px: fc.option(fc.array(fc.tuple(real, real), { maxLength: 6 })),
    longitude: fc.option(real),
    latitude: fc.option(real),
    polygon: fc.option(fc.array(fc.tuple(real, real), { maxLength: 6 })),
    captured_at: name,
    received_at: name,
    latency_s: real,
  }),
  encode: encodeResultMessage,
  decode: decodeResultMessage,
};

const told = fc
  .record({
    at_s: real,
    to_s: fc.oneof(real, fc.constant(Number.NaN)),
    satellite: fc.nat(65535),
    reason: fc.constantFrom("battery", "heat"),
  })
  .map((row) => ({ table: "waits" as const, row }));
const lost = fc
  .record({
    row: fc.record({
      at_s: real,
      satellite: fc.nat(65535),
      reason: name,
      acquisition: fc.nat(),
      bytes: real,
    }),
    product: fc.option(
      fc.record({ acquisition: fc.nat(), kind: fc.constantFrom(...productKinds), tile: fc.option(fc.nat()) }),
    ),
  })
  .map((rest) => ({ table: "losses" as const, ...rest }));

const event: MessageCase<EventMessage> = {
  name: "event",
  failure: "bus",
  messages: fc.oneof(
    fc.record({
      kind: fc.constant("told" as const),
      life: fc.constantFrom("a", "b"),
      rows: fc.array(fc.oneof(told, lost), { maxLength: 5 }),
      samples: fc.array(fc.tuple(fc.nat(), real, real), { maxLength: 5 }),
      through: when,
    }),
    fc.record({
      kind: fc.constant("file" as const),
      path: name,
      content: fc.uint8Array({ maxLength: 60 }),
    }),
    fc.constant({ kind: "alive" as const }),
  ),
  encode: encodeEventMessage,
  decode: decodeEventMessage,
};

/** Every subject that a run keeps. A new one is added here. */
export const messageCases = [
  link,
  nak,
  ground,
  task,
  mesh,
  notes,
  row,
  event,
  result,
] as readonly MessageCase<unknown>[];
