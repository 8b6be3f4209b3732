import { Worker } from "node:worker_threads";
import { SwathError } from "../pipeline/errors.ts";
import { builtWorker } from "../pipeline/package.ts";
import {
  searchPiece,
  type ContactStreamPorts,
  type SearchPiece,
} from "../planning/contacts/contact-stream.ts";
import type { PassTable } from "../planning/contacts/pass-table.ts";

/** How passes are searched for. Dispose of it to end its threads. */
export interface PassSearch extends AsyncDisposable {
  readonly search: ContactStreamPorts["search"];
}

/** Pieces under way on each thread: one is worked on while the next one waits. */
const ahead = 2;

/** What a thread answers. */
type Answer = PassTable | { readonly failed: ConstructorParameters<typeof SwathError>[1] };

interface Hand {
  readonly worker: Worker;
  readonly waiting: ((answer: Answer | Error) => void)[];
}

const startHand = (): Hand => {
  const worker = new Worker(builtWorker("studies/plan-search-worker.js", "contact worker", "config"));
  const waiting: Hand["waiting"] = [];
  worker.on("message", (answer: Answer) => waiting.shift()?.(answer));
  worker.on("error", (error) => {
    for (const tell of waiting.splice(0)) tell(error);
  });
  return { worker, waiting };
};

const ask = ({ worker, waiting }: Hand, piece: SearchPiece): Promise<PassTable> => {
  const answered = new Promise<PassTable>((resolve, reject) =>
    waiting.push((answer) => {
      if (answer instanceof Error) reject(answer);
      else if ("failed" in answer) reject(new SwathError("orbit", answer.failed));
      else resolve(answer);
    }),
  );
  // Whoever awaits it hears of it; until then it is no unhandled rejection.
  answered.catch(() => undefined);
  worker.postMessage(piece);
  return answered;
};

/** On as many threads besides this one, or, for 0, on this one. What is found, and its order, is the same. */
export const openPassSearch = (threads: number): PassSearch => {
  const hands = Array.from({ length: threads }, startHand);
  return {
    async *search(pieces) {
      if (hands.length === 0) {
        for (const piece of pieces) {
          yield searchPiece(piece);
          // A search waits for nothing: whoever wants to stop it must be let in.
          await new Promise((resolve) => setImmediate(resolve));
        }
        return;
      }
      const underWay: Promise<PassTable>[] = [];
      let next = 0;
      for (const piece of pieces) {
        underWay.push(ask(hands[next++ % hands.length] as Hand, piece));
        if (underWay.length >= ahead * hands.length) yield await (underWay.shift() as Promise<PassTable>);
      }
      for (const passes of underWay) yield await passes;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(hands.map(({ worker }) => worker.terminate()));
    },
  };
};
