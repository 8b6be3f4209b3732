import { isUtf8 } from "node:buffer";
import { isSwathError } from "../../pipeline/errors.ts";
import { decodeResultMessage, longestResult } from "../../pipeline/mission/result-message.ts";
import { type DetectionHead, readWrittenHead } from "./detection-head.ts";
import { type HeardResult, textOf } from "./journal.ts";

/** What was heard, read and checked; its JSON is one line. */
export interface FreshResult extends HeardResult {
  readonly result: DetectionHead;
}

/** Reads what was heard. `null` for what is no result of this release: that is told to `note`. */
export const readHeard = ({ seq, data }: HeardResult, note: (text: string) => void): FreshResult | null => {
  const text = textOf({ data });
  const head = data.length > longestResult ? null : readWrittenHead(text);
  // What is passed on as it came must be text for whoever gets it.
  if (head !== null) return { seq, data: isUtf8(data) ? data : Buffer.from(text), result: head };
  try {
    const result = decodeResultMessage(data);
    // What somebody else wrote may have lines: ours have one.
    const line = /[\r\n]/.test(text) ? JSON.stringify(result) : text;
    return { seq, data: Buffer.from(line), result };
  } catch (error) {
    if (!isSwathError(error, "bus")) throw error;
    note(`left out: ${error.message}`);
    return null;
  }
};
