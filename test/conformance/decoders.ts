import { readFileSync } from "node:fs";
import fc from "fast-check";
import { instant } from "../../pipeline/units.ts";
import { makeKey } from "../../pipeline/keys/nkey.ts";
import { openSeal } from "../../pipeline/keys/seal.ts";
import { readTrust, writeTrust, type TrustList } from "../../pipeline/keys/trust.ts";
import { frameBytes, packFrame, readFrame } from "../../pipeline/link/frames/frame.ts";
import { cutPiece } from "../../pipeline/link/frames/piece.ts";
import {
  openFrameGate,
  openFrameGuard,
  openTelecommandGate,
  openTelecommandGuard,
} from "../../pipeline/link/security/link-security.ts";
import { decodeEnvelope, encodeEnvelope } from "../../pipeline/link/transfer/envelope.ts";
import { openNakMessage, sealNakMessage } from "../../pipeline/link/transfer/nak-message.ts";
import { readSatelliteLedger, readStationLedger } from "../../pipeline/mission/ledger-schema.ts";
import { readRunPlan } from "../../pipeline/mission/run-plan-schema.ts";
import { decodeChips, encodeChips } from "../../pipeline/product/chip.ts";
import { decodeDetections } from "../../pipeline/product/detection-batch.ts";
import { decodeTile } from "../../pipeline/product/lossless/lossless-tile.ts";
import { decodeLossyTile, encodeLossyTile } from "../../pipeline/product/lossy-tile.ts";
import { packageRoot } from "../../pipeline/package.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { fly, planOf } from "../mission-fixture.ts";
import { testSecurity } from "../pipeline/link/security/security-fixture.ts";
import { sampleRaster } from "../pipeline/product/payload-samples.ts";
import { messageCases } from "./messages.ts";

/** Something that reads bytes of others. */
export interface DecoderCase {
  readonly name: string;
  /** What its encoder made. */
  readonly samples: readonly Uint8Array[];
  /** Throws a `SwathError`, and nothing else, for bytes that nobody made. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Of all mutants, how many it gets beside the others; 1 unless it calls libraries that take long. */
  readonly share: number;
}

const payload = (name: string): Uint8Array => {
  const file = new URL("test/golden/product/payloads.json", `file://${packageRoot}/`);
  const all = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;
  return new Uint8Array(Buffer.from(all[name] ?? "", "base64"));
};

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** All decoders of what crosses the link or the bus. */
export const decoderCases = async (): Promise<readonly DecoderCase[]> => {
  const scenes = [{ id: "a", width: 80, height: 80 }];
  const plan = planOf(scenes);
  const { ledger, stations } = await fly(plan, scenes);
  const security = testSecurity("encrypt");
  const envelope = encodeEnvelope({
    number: 3,
    kind: "detections",
    acquisition: 1,
    tile: null,
    readyAt: instant(5),
    priority: 0,
    payload: payload("detections"),
  });
  const framed = (isProtected: boolean): Uint8Array => {
    const coded = new Uint8Array(frameBytes);
    const seal = isProtected ? openFrameGuard(security, "sat").seal("gs") : null;
    let offset = 0;
    const take = (room: number) => {
      const piece = cutPiece(3, envelope, offset, envelope.length, room);
      offset += piece?.data.length ?? 0;
      return offset > envelope.length ? null : piece;
    };
    packFrame(1, 7, (room) => (offset < envelope.length ? take(room) : null), coded, 0, seal);
    return coded;
  };
  const telecommand = sealNakMessage(
    { kind: "report", report: { contact: "c", turn: 4, missing: [[1, 5]], heard: true } },
    openTelecommandGuard(security, "gs")("sat"),
  );
  const operator = makeKey("operator");
  const control = makeKey("user");
  const trust: TrustList = {
    schema: "swath-trust/1",
    operator: operator.publicKey,
    members: [{ role: "mission-control", name: "mission-control", key: control.publicKey }],
    links: { W01: [1] },
  };
  const seal = openSeal("mission-control", control, trust);
  const decoder = (
    name: string,
    samples: readonly Uint8Array[],
    read: DecoderCase["read"],
    share = 1,
  ): DecoderCase => ({ name, samples, read, share });
  const { bands, width, height } = sampleRaster;
  const lossy = await encodeLossyTile(sampleRaster, { format: "webp", quality: 60 });
  const window = { x: 0, y: 0, width, height };
  const chips = await encodeChips([{ detectionIndex: 0, window, raster: sampleRaster }], { quality: 60 });
  return [
    ...messageCases.map(({ name, messages, encode, decode }) =>
      decoder(
        name,
        fc.sample(messages, { seed: 4, numRuns: 12 }).map((message) => encode(message)),
        decode,
      ),
    ),
    decoder("nak, protected", [telecommand], (bytes) =>
      openNakMessage(bytes, () => openTelecommandGate(security, "sat")(instant(0))),
    ),
    decoder("frame", [framed(false)], (bytes) => readFrame(bytes, 0)),
    decoder("frame, protected", [framed(true)], (bytes) =>
      readFrame(
        bytes,
        0,
        openFrameGate(security, "sat", "gs", () => instant(0)),
      ),
    ),
    decoder("envelope", [envelope], (bytes) => decodeEnvelope(3, bytes)),
    decoder("detections", [payload("detections"), payload("outlines")], decodeDetections),
    decoder("chips", [chips], decodeChips),
    decoder("lossless tile", [payload("tile")], (bytes) => decodeTile(bytes, bands)),
    decoder("lossy tile", [lossy], (bytes) => decodeLossyTile(bytes, bands), 0.05),
    decoder("plan", [json(plan)], (bytes) => readRunPlan("run", bytes), 0.3),
    decoder("satellite ledger", [json(ledger)], (bytes) => readSatelliteLedger("sat", bytes), 0.3),
    decoder("station ledger", [json(stations[0]?.ledger)], (bytes) => readStationLedger("gs", bytes)),
    decoder("signed value", [seal.signValue("run.i", "plan", json({ a: 1 }))], (bytes) =>
      seal.openValue("run.i", "plan", bytes),
    ),
    decoder("list of trust", [Buffer.from(writeTrust(trust, operator))], (bytes) =>
      readTrust(Buffer.from(bytes).toString(), operator.publicKey, "trust.json"),
    ),
  ];
};

type Random = ReturnType<typeof seeded>;

/** One change of what somebody wrote: bytes set, bits turned, cut, longer, repeated, lengths made large, another's middle. */
const changed = (bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array => {
  if (bytes.length === 0) return Uint8Array.of(random.integer(256));
  const copy = Uint8Array.from(bytes);
  // Heads and lengths stand in front: that is where a change tells.
  const at = random.integer(random.uniform() < 0.6 ? Math.min(copy.length, 64) : copy.length);
  const piece = random.integer(Math.min(64, copy.length)) + 1;
  switch (random.integer(8)) {
    case 0:
      copy[at] = random.integer(256);
      return copy;
    case 1:
      copy[at]! ^= 1 << random.integer(8);
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      return Buffer.concat([copy, Uint8Array.from({ length: piece }, () => random.integer(256))]);
    case 4:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at, at + piece), copy.subarray(at)]);
    case 5:
      copy.set([0xff, 0xff, 0xff, 0x7f].slice(0, copy.length - at), at);
      return copy;
    case 6:
      copy.fill(random.uniform() < 0.5 ? 0 : 0xff, at, at + piece);
      return copy;
    default:
      return Buffer.concat([copy.subarray(0, at), other.subarray(Math.min(at, other.length), at + piece)]);
  }
};

/** The nth mutant of a decoder: one to four changes of one of its samples. */
export const mutantFor = ({ name, samples }: DecoderCase, n: number): Uint8Array => {
  const random = seeded("decoder mutants", name, n);
  const pick = (): Uint8Array => samples[random.integer(samples.length)] ?? new Uint8Array();
  let mutant = pick();
  for (let changes = random.integer(4) + 1; changes > 0; changes--) mutant = changed(mutant, pick(), random);
  return Uint8Array.from(mutant);
};
