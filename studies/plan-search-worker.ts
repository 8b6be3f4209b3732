import { parentPort } from "node:worker_threads";
import { isSwathError, messageOf } from "../pipeline/errors.ts";
import { searchPiece, type SearchPiece } from "../planning/contacts/contact-stream.ts";
import { passFields } from "../planning/contacts/pass-table.ts";

/*
 * Searches for passes on a thread of its own, piece after piece; `plan-search.ts` starts it.
 */
parentPort?.on("message", (piece: SearchPiece) => {
  try {
    const { rows, count } = searchPiece(piece);
    const own = rows.slice(0, count * passFields);
    parentPort?.postMessage({ rows: own, count }, [own.buffer]);
  } catch (error) {
    const parts = isSwathError(error)
      ? { ...error.parts, cause: undefined }
      : { what: "search of passes", got: messageOf(error) };
    parentPort?.postMessage({ failed: parts });
  }
});
