import { isSwathError } from "../errors.ts";
import { formatCount } from "../format.ts";

/** Something that a node was shown and did not take, since it did not prove to be what it said. It is dropped; the run goes on. */
export interface Refusal {
  /** Who refused it: a satellite, a station, the mission centre. */
  readonly node: string;
  /** What it was: a `frame`, or a message by its subject (`nak message`). */
  readonly what: string;
  /** In a word or two: `forged`, `replayed`, `unreadable`. */
  readonly reason: string;
}

/** Takes note of what was refused. */
export type OnRefused = (refusal: Refusal) => void;

/** Counts what was refused, by kind. */
export class RefusalCount {
  readonly #counts = new Map<string, number>();

  readonly add: OnRefused = ({ node, what, reason }) => {
    const key = JSON.stringify([what, reason, node]);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  };

  /** How many in all. */
  get total(): number {
    return [...this.#counts.values()].reduce((sum, n) => sum + n, 0);
  }

  /** By kind, reason and node, in order. */
  get kinds(): readonly (Refusal & { readonly count: number })[] {
    return [...this.#counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => {
        const [what = "", reason = "", node = ""] = JSON.parse(key) as readonly string[];
        return { what, reason, node, count };
      });
  }

  /** Sentences for people: one a kind and reason, naming the nodes; none where nothing was refused. */
  get notes(): readonly string[] {
    const byKind = new Map<string, { count: number; readonly nodes: string[] }>();
    for (const { what, reason, node, count } of this.kinds) {
      const key = `${what} ${reason}`;
      const kind = byKind.get(key) ?? { count: 0, nodes: [] };
      kind.count += count;
      kind.nodes.push(node);
      byKind.set(key, kind);
    }
    return [...byKind].map(([kind, { count, nodes }]) => {
      const shown =
        nodes.length > 4 ? `${nodes.slice(0, 4).join(", ")} and ${nodes.length - 4} more` : nodes.join(", ");
      return `refused at ${shown}: ${kind}, ${formatCount(count)} ×`;
    });
  }
}

/** Says what is refused while somebody listens on and on: the first of each kind, and then each time that there are ten times as many. */
export const tellRefusals = (note: (text: string) => void): OnRefused => {
  const counts = new Map<string, number>();
  return ({ node, what, reason }) => {
    const key = `${node}: ${what} ${reason}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (Number.isInteger(Math.log10(count))) note(`refused at ${key}, ${formatCount(count)} ×`);
  };
};

/** What `read` makes of something; `null`, and taken note of, where it throws a `SwathError`: nobody of ours wrote it. */
export const readOrRefuse = <T>(
  read: () => T,
  onRefused: OnRefused,
  what: Omit<Refusal, "reason">,
): T | null => {
  try {
    return read();
  } catch (error) {
    if (!isSwathError(error)) throw error;
    onRefused({ ...what, reason: "unreadable" });
    return null;
  }
};
