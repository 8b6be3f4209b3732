import { SwathError } from "../../errors.ts";
import { longestMessage, openMessage, sealMessage, type MessageFormat } from "../../message.ts";
import { ByteReader, ByteWriter } from "../../product/byte-cursor.ts";
import type { FrameRefusal } from "../frames/frame-security.ts";
import type { Range } from "../frames/ranges.ts";
import type { TurnReport } from "../frames/segment.ts";
import type { Refused } from "../security/link-security.ts";
import type { OpenTelecommand, SealTelecommand } from "../security/telecommand-protection.ts";
import { requestNumbers, type TileRequest, type TileRequests } from "./tile-request.ts";
import { reportNumbers, telecommandRoom } from "./turn-report.ts";

/** What the ground says to a satellite, on subject `nak`: what a station missed, and what the mission centre wants. */
export type NakMessage =
  | { readonly kind: "report"; readonly report: TurnReport }
  | { readonly kind: "requests"; readonly asked: TileRequests }
  /** Orders as they go up (`orderData`), to be read where they are obeyed. */
  | { readonly kind: "orders"; readonly contact: string; readonly data: Uint8Array };

/** Version 1 told its two kinds apart by their first byte. */
const format: MessageFormat<NakMessage["kind"] | `protected-${NakMessage["kind"]}`> = {
  subject: "nak",
  letter: "N",
  version: 2,
  kinds: ["report", "requests", "protected-report", "protected-requests", "orders", "protected-orders"],
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

const numbersOf = (said: NakMessage): Uint8Array => {
  if (said.kind === "orders") return said.data;
  const writer = new ByteWriter();
  const numbers = said.kind === "report" ? reportNumbers(said.report) : requestNumbers(said.asked.requests);
  for (const n of numbers) writer.varint(n);
  return writer.finish();
};

const contactOf = (said: NakMessage): string => {
  if (said.kind === "report") return said.report.contact;
  return said.kind === "requests" ? said.asked.contact : said.contact;
};

/** What is said in the clear: the contact's name and `heard` of a report. */
const clearOf = (said: NakMessage): Uint8Array => {
  const writer = new ByteWriter();
  writer.block(Buffer.from(contactOf(said)));
  if (said.kind === "report") writer.u8(said.report.heard ? 1 : 0);
  return writer.finish();
};

/**
 * The contact's name goes in front, then `heard` of a report, then the numbers that cost bytes on the uplink, as varints.
 * Throws `SwathError` ("link") when the ranges of a report are not in order and apart.
 */
export const encodeNakMessage = (said: NakMessage): Uint8Array => {
  if (said.kind === "report") requireOrder(said.report);
  return sealMessage(format, said.kind, clearOf(said), numbersOf(said));
};

/** Every telecommand frame is authenticated together with what is said in the clear, and with its place among the frames. */
const headerOf = (kind: NakMessage["kind"], clear: Uint8Array, part: number, parts: number): Uint8Array => {
  const writer = new ByteWriter();
  writer.block(Buffer.from(kind));
  writer.block(clear);
  writer.varint(part);
  writer.varint(parts);
  return writer.finish();
};

/**
 * The same, protected: the numbers are cut into telecommand frames, each with its own security header and trailer.
 * Throws as `encodeNakMessage` does, and when the key's numbers are used up.
 */
export const sealNakMessage = (said: NakMessage, seal: SealTelecommand): Uint8Array => {
  if (said.kind === "report") requireOrder(said.report);
  const clear = clearOf(said);
  const numbers = numbersOf(said);
  const room = telecommandRoom("auth");
  const parts = Math.ceil(numbers.length / room);
  const writer = new ByteWriter();
  writer.block(clear);
  writer.varint(parts);
  for (let part = 0; part < parts; part++) {
    const data = numbers.subarray(part * room, (part + 1) * room);
    writer.block(seal(headerOf(said.kind, clear, part, parts), data));
  }
  return sealMessage(format, `protected-${said.kind}`, writer.finish());
};

const readReport = (clear: ByteReader, reader: ByteReader): TurnReport => {
  const contact = clear.text("contact");
  const heard = clear.u8();
  if (heard > 1) throw clear.corrupt("heard 0 or 1", `${heard}`);
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

const readRequests = (clear: ByteReader, reader: ByteReader): TileRequests => {
  const contact = clear.text("contact");
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

const readSaid = (kind: NakMessage["kind"], clear: ByteReader, numbers: ByteReader): NakMessage => {
  switch (kind) {
    case "report":
      return { kind, report: readReport(clear, numbers) };
    case "requests":
      return { kind, asked: readRequests(clear, numbers) };
    case "orders":
      return { kind, contact: clear.text("contact"), data: numbers.rest() };
  }
};

/** Throws `SwathError` ("link") for a message that this release does not read, protected ones among them. */
export const decodeNakMessage = (message: Uint8Array): NakMessage => {
  const { kind, body } = openMessage(format, message);
  const reader = new ByteReader(`nak ${kind}`, body);
  if (isClear(kind)) return readSaid(kind, reader, reader);
  throw reader.corrupt("a link without keys", "a protected message");
};

const clearKinds = {
  "protected-report": "report",
  "protected-requests": "requests",
  "protected-orders": "orders",
} as const;

const isClear = (kind: NakMessage["kind"] | keyof typeof clearKinds): kind is NakMessage["kind"] =>
  !(kind in clearKinds);

/** What a protected message says. It is heard whole or not at all: frames that are refused take the others with them. */
const openNumbers = (
  kind: NakMessage["kind"],
  reader: ByteReader,
  clear: Uint8Array,
  open: OpenTelecommand,
): Uint8Array | FrameRefusal => {
  const parts = reader.varint("frames", reader.left);
  const data: Uint8Array[] = [];
  for (let part = 0; part < parts; part++) {
    const opened = open(headerOf(kind, clear, part, parts), reader.block("frame"));
    if (typeof opened === "string") return opened;
    data.push(opened);
  }
  reader.end();
  return Buffer.concat(data);
};

/**
 * Reads a protected message; refuses what is not protected, or not genuine. `openAt` opens what was sent in a contact.
 * Throws `SwathError` ("link") for a message that this release does not read.
 */
export const openNakMessage = (
  message: Uint8Array,
  openAt: (contact: string) => OpenTelecommand | null,
): NakMessage | Refused => {
  const { kind, body } = openMessage(format, message);
  if (isClear(kind)) return { kind: "refused", reason: "clear" };
  const said = clearKinds[kind];
  const reader = new ByteReader(`nak ${kind}`, body);
  const clear = reader.block("what is in the clear");
  const open = openAt(new ByteReader(`nak ${kind}`, clear).text("contact"));
  if (open === null) return { kind: "refused", reason: "forged" };
  const numbers = openNumbers(said, reader, clear, open);
  if (typeof numbers === "string") return { kind: "refused", reason: numbers };
  return readSaid(said, new ByteReader(`nak ${kind}`, clear), new ByteReader(`nak ${kind}`, numbers));
};
