import { SwathError } from "../../errors.ts";
import { ByteReader, ByteWriter } from "../../product/byte-cursor.ts";
import { instant, type Instant } from "../../units.ts";

/** Bytes that belong to a contact. */
export interface ContactData {
  readonly contact: string;
  readonly data: Uint8Array;
}

/** The body of a message: the contact's name behind its length, then the bytes. */
export const contactAndData = ({ contact, data }: ContactData): readonly Uint8Array[] => {
  const head = new ByteWriter();
  head.block(Buffer.from(contact));
  return [head.finish(), data];
};

/** The same, read; the bytes view `body`. Throws `SwathError("link")` that names `what`. */
export const readContactAndData = (what: string, body: Uint8Array): ContactData => {
  const reader = new ByteReader(what, body);
  return { contact: reader.text("contact"), data: reader.rest() };
};

/** A moment as the body of a message: seconds since 1970 UTC. */
export const momentData = (at: Instant): Uint8Array => {
  const data = Buffer.alloc(8);
  data.writeDoubleBE(at);
  return data;
};

/** The same, read. Throws `SwathError("link")` that names `what`. */
export const readMoment = (what: string, body: Uint8Array): Instant => {
  const at = body.length === 8 ? new DataView(body.buffer, body.byteOffset, 8).getFloat64(0) : Number.NaN;
  if (Number.isFinite(at)) return instant(at);
  throw new SwathError("link", { what, wanted: "a moment of 8 bytes", got: `${body.length} bytes` });
};
