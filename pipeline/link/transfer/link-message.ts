import {
  openMessage,
  readText,
  requireEmpty,
  sealMessage,
  startMessage,
  type MessageFormat,
} from "../../message.ts";
import { bytes, type Instant } from "../../units.ts";
import { longestSegment, readSegment, segmentBytes, writeSegment } from "../frames/segment-codec.ts";
import type { LinkSegment } from "../frames/segment.ts";
import { contactAndData, momentData, readContactAndData, readMoment } from "./contact-data.ts";

/** What a satellite says to one station, on subject `link`. */
export type LinkMessage =
  | { readonly kind: "segment"; readonly segment: LinkSegment }
  /**
   * A contact opens: the station says so to the mission centre, which answers with the tiles that it asks for. A station sees by
   * itself that a satellite rises, so nothing of it is counted.
   */
  | { readonly kind: "opening"; readonly contact: string }
  /** Answers to orders that came down in the contact before (`encodeTold`), for the mission centre; their bytes are in the satellite's ledger. */
  | { readonly kind: "answers"; readonly contact: string; readonly data: Uint8Array }
  /** The satellite has said all that it says before `at`: for the mission centre, which waits for it before it decides by then. Nothing of it is counted. */
  | { readonly kind: "through"; readonly at: Instant }
  /** An acquisition that the satellite has given itself is being taken (`acquisitionData`): for the books, which know what products are of. */
  | { readonly kind: "taken"; readonly data: Uint8Array }
  /** The satellite has sent this station all that it ever will. */
  | { readonly kind: "end" };

/** Version 1 was three kinds of bytes without a common head. */
const format: MessageFormat<LinkMessage["kind"]> = {
  subject: "link",
  letter: "L",
  version: 2,
  kinds: ["segment", "opening", "end", "answers", "through", "taken"],
  bound: bytes(8 + longestSegment),
  failure: "link",
};

/** Throws `SwathError` ("link") for a segment beyond its bounds. */
export const encodeLinkMessage = (said: LinkMessage): Uint8Array => {
  switch (said.kind) {
    case "segment": {
      const { message, body } = startMessage(format, "segment", segmentBytes(said.segment));
      writeSegment(said.segment, body);
      return message;
    }
    case "opening":
      return sealMessage(format, "opening", Buffer.from(said.contact));
    case "answers":
      return sealMessage(format, "answers", ...contactAndData(said));
    case "through":
      return sealMessage(format, "through", momentData(said.at));
    case "taken":
      return sealMessage(format, "taken", said.data);
    case "end":
      return sealMessage(format, "end");
  }
};

/** Frames view `message`. Throws `SwathError` ("link") for a message that this release does not read. */
export const decodeLinkMessage = (message: Uint8Array): LinkMessage => {
  const { kind, body } = openMessage(format, message);
  switch (kind) {
    case "segment":
      return { kind, segment: readSegment(body) };
    case "opening":
      return { kind, contact: readText(format, kind, body) };
    case "answers":
      return { kind, ...readContactAndData("link answers", body) };
    case "through":
      return { kind, at: readMoment("link through", body) };
    case "taken":
      return { kind, data: body };
    case "end":
      requireEmpty(format, kind, body);
      return { kind };
  }
};
