import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { requireBalance, type Books } from "../../../measure/run/balance.ts";
import { spacecraftId } from "../../../pipeline/link/frames/frame.ts";
import { encodeEnvelope } from "../../../pipeline/link/transfer/envelope.ts";
import { readSatelliteLedger, readStationLedger } from "../../../pipeline/mission/ledger-schema.ts";
import { readRunPlan } from "../../../pipeline/mission/run-plan-schema.ts";
import { encodeDetections } from "../../../pipeline/product/detection-batch.ts";
import { openSpool } from "../../../pipeline/spool.ts";
import { bytes, instant } from "../../../pipeline/units.ts";
import type { MissionCentre } from "../../../stations/centre/mission-centre.ts";
import type { Backhaul } from "../../../stations/receive/ground-message.ts";
import { Receiver } from "../../../stations/receive/receiver.ts";
import type { FakeScene } from "../../fake-scene.ts";
import { centreOf, contactOf, fly, planOf } from "../../mission-fixture.ts";

const scenes: readonly FakeScene[] = [
  { id: "a", width: 160, height: 160 },
  { id: "b", width: 120, height: 120 },
];
const plan = planOf(scenes, {
  policy: parsePolicy("detect"),
  errors: { bitErrorRate: 1e-4, segmentLossRate: 0.05, outages: [] },
  contacts: { ...planOf(scenes).contacts, contacts: [contactOf(0, 1000, 300), contactOf(1, 3000, 300)] },
});

/** Flies the plan; `meddle` hands the centre something of its own first. */
const booksOf = async (
  meddle: (centre: MissionCentre) => Promise<void> = async () => undefined,
): Promise<Books & { readonly refused: readonly string[] }> => {
  await using spool = await openSpool(tmpdir());
  const refused: string[] = [];
  const centre = centreOf(plan, scenes, {
    spool,
    onRefused: (what, reason) => refused.push(`${what} ${reason}`),
  });
  await meddle(centre);
  const { ledger, stations } = await fly(plan, scenes, {}, (heard) => centre.accept(heard));
  await centre.finish();
  return {
    contacts: plan.contacts,
    satellites: [ledger],
    stations: stations.map(({ ledger: book }) => book),
    received: centre.received,
    refused,
  };
};

/** A product as a stranger would put it on the bus: no detection at all, under a number of the satellite's or another. */
const forged = (number: number): Backhaul => {
  const envelope = encodeEnvelope({
    number,
    kind: "detections",
    acquisition: 0,
    tile: null,
    readyAt: instant(0),
    priority: 0,
    payload: encodeDetections({ scene: "a", georeference: null, detections: [] }),
  });
  const piece = {
    product: number,
    offset: 0,
    total: envelope.length,
    data: envelope,
    sentAt: instant(1001),
    heardAt: instant(1002),
  };
  return { station: "gs", satellite: "sat", pieces: [piece] };
};

describe("the books of both ends", () => {
  it("agree after a run with noise, and come back from their bytes", async () => {
    const books = await booksOf();
    expect(() => requireBalance(books)).not.toThrow();
    expect(books.received.length).toBeGreaterThan(0);
    const [ledger] = books.satellites;
    expect(readSatelliteLedger("sat", Buffer.from(JSON.stringify(ledger)))).toEqual(ledger);
    for (const book of books.stations)
      expect(readStationLedger(book.station, Buffer.from(JSON.stringify(book)))).toEqual(book);
    expect(readRunPlan("run", Buffer.from(JSON.stringify(plan)))).toEqual(JSON.parse(JSON.stringify(plan)));
  });

  it.each([0, 1, 99])("show a forged product in place of a satellite's own, number %i", async (number) => {
    const books = await booksOf((centre) => centre.accept(forged(number)));
    expect(() => requireBalance(books)).toThrow(/ledgers of space and ground differ.*product/);
  });

  it("show products that are missing, more, twice, or of other bytes", async () => {
    const books = await booksOf();
    const { received } = books;
    const [first] = received;
    if (first === undefined) throw new Error("nothing came");
    const broken = [
      received.slice(1),
      [...received, { ...first, number: 4711 }],
      [...received, first],
      [{ ...first, digest: "0".repeat(32) }, ...received.slice(1)],
    ];
    for (const other of broken) expect(() => requireBalance({ ...books, received: other })).toThrow(/differ/);
  });

  it("show segments of which only the head came: they are no frames that a satellite sent", async () => {
    const books = await booksOf();
    const { segments } = await fly(plan, scenes);
    const receiver = new Receiver(plan, "gs");
    const [real] = segments;
    if (real === undefined) throw new Error("nothing was sent");
    // A stranger's heads come before the satellite's segments, and after.
    const heads = [0, 1, 2].map((n) => ({
      ...real,
      turn: 0,
      segment: n,
      frames: new Uint8Array(0),
      frameCount: 200,
      firstFrame: n * 200,
      endsTurn: n === 2,
    }));
    for (const head of heads) receiver.accept(head);
    const { ledger } = receiver;
    expect(ledger.satellites[0]?.lostFrames).toBe(600);
    expect(() => requireBalance({ ...books, stations: [ledger] })).toThrow(
      /frames from sat to gs, as the satellite has it/,
    );
  });

  it("do not parse where frames do not add up, or are another's", async () => {
    const [book] = (await booksOf()).stations;
    const [count] = book?.satellites ?? [];
    const wrong = { ...book, satellites: [{ ...count, lostFrames: 3_000_000_000 }] };
    expect(() => readStationLedger("gs", Buffer.from(JSON.stringify(wrong)))).toThrow(
      /accepted, corrupt or lost, each once/,
    );
    expect(() => readStationLedger("other", Buffer.from(JSON.stringify(book)))).toThrow(
      /wanted other, got gs/,
    );
    expect(() => readStationLedger("gs", Buffer.from("{}"))).toThrow(/ledger of station gs/);
    expect(() => readSatelliteLedger("sat", Buffer.from("no"))).toThrow(/wanted JSON/);
  });
});

describe("a mission centre that is handed what nobody of the run made", () => {
  it("refuses it, by kind, and goes on", async () => {
    const garbage = (number: number, data: Uint8Array, total = data.length): Backhaul => ({
      station: "gs",
      satellite: "sat",
      pieces: [{ product: number, offset: 0, total, data, sentAt: instant(1001), heardAt: instant(1002) }],
    });
    const { refused, received } = await booksOf(async (centre) => {
      await centre.accept(garbage(1000, new Uint8Array(60)));
      const far = encodeEnvelope({
        number: 0,
        kind: "detections",
        acquisition: 77,
        tile: null,
        readyAt: instant(0),
        priority: 0,
        payload: new Uint8Array(4),
      });
      await centre.accept(garbage(1001, far));
      const tile = encodeEnvelope({
        number: 0,
        kind: "tile-lossless",
        acquisition: 0,
        tile: 60_000,
        readyAt: instant(0),
        priority: 0,
        payload: new Uint8Array(4),
      });
      await centre.accept(garbage(1002, tile));
      await centre.accept(garbage(1003, new Uint8Array(10), 100));
      await centre.accept(garbage(1003, new Uint8Array(10), 200));
      await centre.accept(garbage(1004, new Uint8Array(1), 0xffffffff));
    });
    expect(refused).toEqual([
      "product unreadable",
      "product not in the plan",
      "product not in the plan",
      "piece contradicts others",
      "piece contradicts others",
    ]);
    expect(received.length).toBeGreaterThan(3);
    expect(bytes(spacecraftId("sat"))).toBeGreaterThan(0);
  });
});
