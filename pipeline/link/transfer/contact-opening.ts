import { SwathError } from "../../errors.ts";

/*
 * "A contact opens": said by a satellite to the station, and by the station to the mission centre, which then answers with the
 * tiles that it asks for. "SWO", the version, and the contact's name. It is the simulation's, as the header of a segment is:
 * a station sees by itself that a satellite rises, so nothing of it is counted.
 */
const magic = Buffer.from("SWO\u0001", "latin1");

/** The message that opens a contact, with the contact's id. */
export const encodeOpening = (contact: string): Uint8Array => Buffer.concat([magic, Buffer.from(contact)]);

/** Whether a message on a link or from a station tells of a contact that opens. */
export const isOpening = (message: Uint8Array): boolean => magic.equals(message.subarray(0, magic.length));

/** The contact's id. Throws `SwathError` ("link") when the message is none of this kind. */
export const decodeOpening = (message: Uint8Array): string => {
  if (isOpening(message)) return Buffer.from(message.subarray(magic.length)).toString();
  throw new SwathError("link", { what: "message does not tell of a contact that opens" });
};
