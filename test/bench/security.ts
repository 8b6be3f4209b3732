/**
 * What link security costs: bytes of a product of 20 MB on full frames, and processor time to protect and to open frames, beside the same
 * frames without it. Processor time of this process, since other work on the machine must not count.
 *
 *     npm run bench:security
 */
import { frameBytes, framesPerSegment, packFrame, readFrame } from "../../pipeline/link/frames/frame.ts";
import { framedSize } from "../../pipeline/link/frames/framed-size.ts";
import type { OpenFrame, SealFrame } from "../../pipeline/link/frames/frame-security.ts";
import { linkProtections } from "../../pipeline/link/frames/link-protection.ts";
import { cutPiece } from "../../pipeline/link/frames/piece.ts";
import { openSendingEnd, ReceivingEnd } from "../../pipeline/link/security/associations.ts";
import { frameOpener, frameSealer } from "../../pipeline/link/security/frame-protection.ts";
import type { LinkChannel } from "../../pipeline/link/security/link-key.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { bytes, instant } from "../../pipeline/units.ts";
import { reportFigures, type Figure } from "./figures.ts";

const random = seeded("bench:security");
const envelope = Uint8Array.from({ length: 2_000_000 }, () => random.uint32());
const segmentFrames = new Uint8Array(framesPerSegment * frameBytes);
const channel: LinkChannel = {
  run: "bench",
  satellite: "sat",
  direction: "down",
  ground: "gs",
  groundIndex: 1,
};
const key = { generation: 1, secret: Uint8Array.from({ length: 32 }, () => random.uint32()) };

const packSegment = (seal: SealFrame | null): void => {
  let offset = 0;
  for (let n = 0; n < framesPerSegment; n++) {
    const take = (room: number) => cutPiece(7, envelope, offset, envelope.length, room);
    const pieces = packFrame(1, n, take, segmentFrames, n * frameBytes, seal);
    for (const { data } of pieces) offset += data.length;
  }
};

const eachFrame = (visit: (frame: Uint8Array) => void): void => {
  for (let at = 0; at < segmentFrames.length; at += frameBytes)
    visit(segmentFrames.subarray(at, at + frameBytes));
};

/** The best of seven: MB/s of processor time, of whole coded frames. */
const speedOf = (work: () => void): number => {
  const rounds = 60;
  for (let i = 0; i < 20; i++) work();
  let best = Infinity;
  for (let attempt = 0; attempt < 7; attempt++) {
    const start = process.cpuUsage();
    for (let i = 0; i < rounds; i++) work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, user + system);
  }
  return (rounds * segmentFrames.length) / best;
};

const row = (...cells: readonly (string | number)[]): void =>
  console.log(
    cells
      .map((cell, at) => (typeof cell === "number" ? cell.toFixed(0) : cell).padStart(at === 0 ? 8 : 16))
      .join(""),
  );

const clearSize = framedSize(bytes(20e6), 1);
const figures: Figure[] = [];
row("", "bytes of 20 MB", "more bytes", "seal MB/s", "open MB/s", "pack MB/s", "read MB/s");
for (const protection of linkProtections) {
  const size = framedSize(bytes(20e6), 1, protection);
  const more = size / clearSize - 1;
  if (protection === "none") {
    packSegment(null);
    const pack = speedOf(() => packSegment(null));
    const read = speedOf(() => {
      for (let at = 0; at < segmentFrames.length; at += frameBytes) readFrame(segmentFrames, at);
    });
    row(protection, size, "", "", "", pack, read);
    continue;
  }
  let number = 0;
  const seal = frameSealer(openSendingEnd(protection, channel, key, { next: () => number++ }));
  const gate = (): OpenFrame => frameOpener(new ReceivingEnd(protection, channel, [key]), () => instant(0));
  const sealed = speedOf(() => eachFrame(seal));
  const pack = speedOf(() => packSegment(seal));
  packSegment(seal);
  // Opened in a copy, since a frame opens once; a fresh window for each round.
  const copy = new Uint8Array(frameBytes);
  const openAll = (work: (open: OpenFrame) => void): number =>
    speedOf(() => {
      const open = gate();
      eachFrame((frame) => {
        copy.set(frame);
        work(open);
      });
    });
  const opened = openAll((open) => {
    const refusal = open(copy);
    if (refusal !== null) throw new Error(`a frame that was just sealed is ${refusal}`);
  });
  const read = openAll((open) => void readFrame(copy, 0, open));
  row(protection, size, `${(100 * more).toFixed(2)} %`, sealed, opened, pack, read);
  figures.push(
    { what: `more bytes on full frames, ${protection}`, value: 100 * more, unit: "%", bar: { most: 3 } },
    { what: `frames sealed, ${protection}`, value: sealed, unit: "MB/s", bar: { least: 200 } },
    { what: `frames opened, ${protection}`, value: opened, unit: "MB/s", bar: { least: 200 } },
  );
}
reportFigures(figures);
