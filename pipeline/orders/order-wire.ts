import type { LinkProtection } from "../link/frames/link-protection.ts";
import { telecommandBytes } from "../link/transfer/turn-report.ts";
import type { Acquisition } from "../orbit/acquisition.ts";
import { ByteReader, ByteWriter } from "../product/byte-cursor.ts";
import { bytes, instant, joules, seconds, type Bytes, type Instant } from "../units.ts";
import { fieldsOf, orderKindNames, type Order } from "./order.ts";
import { idPattern, lastPriority, signaturePattern } from "./order-bounds.ts";

/*
 * An order as it goes up; integers are varints, texts stand behind their lengths:
 *
 *     version, 1 byte
 *     kind: its place in the registry
 *     id, tenant, satellite ("" for any)
 *     issuedAt, ms since 1970 UTC
 *     deadline, ms after issuedAt
 *     priority, 1 byte
 *     the fields of its kind, in their order
 *     signer ("" without a signature), then 64 bytes
 */
const version = 1;
const codeBytes = 64;
/** Of the year 9999. */
const lastMoment = 253_402_300_799_999;

const milliseconds = (t: Instant): number => Math.round(t * 1000);

const writeUnsigned = (order: Order): ByteWriter => {
  const writer = new ByteWriter();
  writer.u8(version);
  writer.varint(orderKindNames.indexOf(order.kind));
  for (const text of [order.id, order.tenant, order.to ?? ""]) writer.block(Buffer.from(text));
  writer.varint(milliseconds(order.issuedAt));
  writer.varint(milliseconds(order.deadline) - milliseconds(order.issuedAt));
  writer.u8(order.priority);
  const body: Readonly<Record<string, unknown>> = order.body;
  for (const [key, field] of Object.entries(fieldsOf(order.kind) ?? {})) field.write(writer, body[key]);
  return writer;
};

/** What a signature covers: all of an order but the signature. */
export const signedBytes = (order: Order): Uint8Array => writeUnsigned(order).finish();

/** An order as it goes up. */
export const encodeOrder = (order: Order): Uint8Array => {
  const writer = writeUnsigned(order);
  const [signer = "", code = ""] = order.signature?.split(":") ?? [];
  writer.block(Buffer.from(signer));
  if (signer !== "") writer.raw(Buffer.from(code, "base64url"));
  return writer.finish();
};

const takeName = (reader: ByteReader, name: string): string => {
  const text = reader.text(name);
  if (!idPattern.test(text)) throw reader.corrupt(`a name for ${name}`, JSON.stringify(text.slice(0, 80)));
  return text;
};

/** Reads what `encodeOrder` wrote. Throws `SwathError("link")` for anything else. */
export const decodeOrder = (data: Uint8Array): Order => {
  const reader = new ByteReader("order", data);
  reader.version(version);
  const kind = orderKindNames[reader.varint("kind", orderKindNames.length - 1)];
  const id = takeName(reader, "id");
  const tenant = takeName(reader, "tenant");
  const to = reader.text("satellite");
  if (to.length > 128) throw reader.corrupt("a satellite's name", `${to.length} characters`);
  const issued = reader.varint("issuedAt", lastMoment);
  const deadline = issued + reader.varint("deadline", lastMoment - issued);
  const priority = reader.u8();
  if (priority < 1 || priority > lastPriority)
    throw reader.corrupt(`a priority from 1 to ${lastPriority}`, `${priority}`);
  const fields = Object.entries(fieldsOf(kind ?? "") ?? {});
  const body = Object.fromEntries(fields.map(([key, field]) => [key, field.take(reader, key) as unknown]));
  const signer = reader.text("signer");
  const code = signer === "" ? "" : Buffer.from(reader.raw(codeBytes)).toString("base64url");
  const signature = signer === "" ? null : `${signer}:${code}`;
  if (signature !== null && !signaturePattern.test(signature))
    throw reader.corrupt("a signer's name", JSON.stringify(signer.slice(0, 80)));
  reader.end();
  const head = { id, tenant, to: to === "" ? null : to, priority, signature };
  return {
    ...head,
    issuedAt: instant(issued / 1000),
    deadline: instant(deadline / 1000),
    kind,
    body,
  } as Order;
};

/** An acquisition that an order becomes and that the satellite's schedule does not have goes up behind the order: times to the millisecond, energy to the millijoule. */
const writeAcquisition = (writer: ByteWriter, acquisition: Acquisition): void => {
  const { index, at, scene, satellite, order = "", slew } = acquisition;
  writer.varint(index);
  writer.varint(milliseconds(at));
  writer.varint(Math.round((slew?.seconds ?? 0) * 1000));
  writer.varint(Math.round((slew?.energy ?? 0) * 1000));
  for (const text of [scene, satellite, order]) writer.block(Buffer.from(text));
};

const takeAcquisition = (reader: ByteReader): Acquisition => {
  const index = reader.varint("acquisition", 0xffffffff);
  const at = instant(reader.varint("time", lastMoment) / 1000);
  const turn = reader.varint("turn", lastMoment);
  const energy = reader.varint("energy", lastMoment);
  const [scene, satellite, order] = [reader.text("scene"), reader.text("satellite"), reader.text("order")];
  const slew = { seconds: seconds(turn / 1000), energy: joules(energy / 1000) };
  return { index, at, scene, satellite, order, ...(turn === 0 ? {} : { slew }) };
};

/** An acquisition by itself, as it goes from node to node. */
export const acquisitionData = (acquisition: Acquisition): Uint8Array => {
  const writer = new ByteWriter();
  writeAcquisition(writer, acquisition);
  return writer.finish();
};

/** Reads what `acquisitionData` wrote, times to the millisecond. Throws `SwathError("link")` for anything else. */
export const readAcquisitionData = (data: Uint8Array): Acquisition => {
  const reader = new ByteReader("acquisition", data);
  const acquisition = takeAcquisition(reader);
  reader.end();
  return acquisition;
};

/** An acquisition as it is on board once it came up. */
export const acquisitionAsSent = (acquisition: Acquisition): Acquisition =>
  readAcquisitionData(acquisitionData(acquisition));

/** What an acquisition takes of telecommand data behind its order. */
export const acquisitionLength = (acquisition: Acquisition): number => acquisitionData(acquisition).length;

/**
 * Telecommand data of orders that go up together, each behind its length, and of acquisitions that some of them become and the schedule does not have; times of those
 * to the millisecond.
 */
export const orderData = (
  orders: readonly Order[],
  acquisitions: readonly Acquisition[] = [],
): Uint8Array => {
  const writer = new ByteWriter();
  writer.varint(orders.length);
  for (const order of orders) writer.block(encodeOrder(order));
  for (const acquisition of acquisitions) writeAcquisition(writer, acquisition);
  return writer.finish();
};

/** Bytes on the uplink of orders that go up together, coding and link security included; 0 for none, since then nothing is said. */
export const orderBytes = (orders: readonly Order[], protection: LinkProtection = "none"): Bytes =>
  orders.length === 0 ? bytes(0) : telecommandBytes(orderData(orders).length, protection);

/** Orders that came up together. Throws `SwathError("link")` for what `orderData` cannot have made. */
export const readOrderData = (data: Uint8Array): HeardOrders => {
  const reader = new ByteReader("orders", data);
  const count = reader.varint("orders", reader.left);
  const orders = Array.from({ length: count }, () => decodeOrder(reader.block("order")));
  const acquisitions: Acquisition[] = [];
  while (reader.left > 0) acquisitions.push(takeAcquisition(reader));
  return { orders, acquisitions };
};

/** What came up in a contact. */
export interface HeardOrders {
  /** Most urgent first. */
  readonly orders: readonly Order[];
  /** Those that some of them become and that the schedule does not have. */
  readonly acquisitions: readonly Acquisition[];
}
