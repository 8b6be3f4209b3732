import { ByteReader, ByteWriter } from "../../product/byte-cursor.ts";

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
