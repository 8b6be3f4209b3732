import { SwathError } from "../../errors.ts";
import { longestMessage, openMessage, sealMessage, type MessageFormat } from "../../message.ts";
import { ByteReader, ByteWriter } from "../../product/byte-cursor.ts";
import type { Range } from "../frames/ranges.ts";
import type { TurnReport } from "../frames/segment.ts";
import { requestNumbers, type TileRequest, type TileRequests } from "./tile-request.ts";
import { reportNumbers } from "./turn-report.ts";

/** What the ground says to a satellite, on subject `nak`: what a station missed, and what the mission centre wants. */
export type NakMessage =
  | { readonly kind: "report"; readonly report: TurnReport }
  | { readonly kind: "requests"; readonly asked: TileRequests };

/** Version 1 told its two kinds apart by their first byte. */
const format: MessageFormat<NakMessage["kind"]> = {
  subject: "nak",
  letter: "N",
  version: 2,
  kinds: ["report", "requests"],
  bound: longestMessage,
  failure: "link",
};

/** Frames, turns and acquisitions are numbers of 32 bits. */
const lastNumber = 0xffffffff;

const requireOrder = ({ contact, turn, missing }: TurnReport): void => {
  if (missing.every(([first, last], at) => first <= last && (at === 0 || first > missing[at - 1]![1])))
    return;
  throw new SwathError("link", {
    what: `report of contact ${contact}, turn ${turn}`,
    wanted: "missing ranges in order, apart from each other",
    got: JSON.stringify(missing).slice(0, 80),
  });
};

/**
 * The contact's name goes in front, then `heard` of a report, then the numbers that cost bytes on the uplink, as varints.
 * Throws `SwathError` ("link") when the ranges of a report are not in order and apart.
 */
export const encodeNakMessage = (said: NakMessage): Uint8Array => {
  const writer = new ByteWriter();
  if (said.kind === "report") {
    const { report } = said;
    requireOrder(report);
    writer.block(Buffer.from(report.contact));
    writer.u8(report.heard ? 1 : 0);
    for (const n of reportNumbers(report)) writer.varint(n);
  } else {
    writer.block(Buffer.from(said.asked.contact));
    for (const n of requestNumbers(said.asked.requests)) writer.varint(n);
  }
  return sealMessage(format, said.kind, writer.finish());
};

const readReport = (reader: ByteReader): TurnReport => {
  const contact = reader.text("contact");
  const heard = reader.u8();
  if (heard > 1) throw reader.corrupt("heard 0 or 1", `${heard}`);
  const turn = reader.varint("turn", lastNumber);
  // Each range takes two bytes at least, so that the count is no reason to take memory.
  const count = reader.varint("ranges", reader.left / 2);
  const missing: Range[] = [];
  for (let i = 0, next = 0; i < count; i++) {
    const first = next + reader.varint("frames between ranges", lastNumber - next);
    const last = first + reader.varint("frames of a range", lastNumber - first);
    missing.push([first, last]);
    next = last + 1;
  }
  reader.end();
  return { contact, turn, missing, heard: heard === 1 };
};

const readRequests = (reader: ByteReader): TileRequests => {
  const contact = reader.text("contact");
  const count = reader.varint("requests", reader.left / 2);
  const requests: TileRequest[] = [];
  for (let i = 0; i < count; i++) {
    requests.push({
      acquisition: reader.varint("acquisition", lastNumber),
      tile: reader.varint("tile", lastNumber),
    });
  }
  reader.end();
  return { contact, requests };
};

/** Throws `SwathError` ("link") for a message that this release does not read. */
export const decodeNakMessage = (message: Uint8Array): NakMessage => {
  const { kind, body } = openMessage(format, message);
  const reader = new ByteReader(`nak ${kind}`, body);
  return kind === "report" ? { kind, report: readReport(reader) } : { kind, asked: readRequests(reader) };
};
