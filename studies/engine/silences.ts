import type { Seconds } from "../../pipeline/units.ts";

/** What is heard nothing of, and for how long. */
export interface Silences {
  /** `who` is silent since `since` (as `now` counts, ms), `what` says how; `null`: it was heard. */
  readonly update: (who: string, silence: { readonly what: string; readonly since: number } | null) => void;
  /** Says what has become worth saying, and returns what has lasted longer than may be; `null`: nothing has. */
  readonly check: () => string | null;
}

/** A silence is told of after this long, ms: what is over sooner is nobody's concern. */
const tellAfter = 5_000;

interface Silence {
  readonly what: string;
  readonly since: number;
  isTold: boolean;
}

/** `21:04:05`, of a moment that `now` counts. */
const clockOf = (since: number, now: number): string =>
  new Date(Date.now() - (now - since)).toISOString().slice(11, 19);

/** Keeps silences: each is told of once, with since when, and its end as well. Times are UTC. */
export const keepSilences = (
  wait: Seconds,
  note: (text: string) => void,
  now: () => number = () => performance.now(),
): Silences => {
  const silent = new Map<string, Silence>();
  const sentence = (group: readonly (readonly [string, Silence])[]): string => {
    const [[, first]] = group as [readonly [string, Silence]];
    const names = group.map(([who]) => who);
    const shown =
      names.length > 6 ? `${names.slice(0, 6).join(", ")} and ${names.length - 6} more` : names.join(", ");
    return `${shown}: ${first.what} since ${clockOf(first.since, now())} UTC`;
  };
  return {
    update(who, silence) {
      const known = silent.get(who);
      if (silence === null) {
        if (known?.isTold === true) note(`${who}: heard of`);
        silent.delete(who);
      } else if (known === undefined || known.what !== silence.what || silence.since > known.since) {
        silent.set(who, { ...silence, isTold: false });
      }
    },
    check() {
      const due = [...silent].filter(([, one]) => !one.isTold && now() - one.since >= tellAfter);
      const groups = new Map<string, (readonly [string, Silence])[]>();
      for (const entry of due) groups.set(entry[1].what, [...(groups.get(entry[1].what) ?? []), entry]);
      for (const group of groups.values()) {
        note(`${sentence(group)}; it ends after ${wait} s of that (--wait)`);
        for (const [, one] of group) one.isTold = true;
      }
      const over = [...silent].filter(([, one]) => now() - one.since >= wait * 1000);
      return over.length === 0 ? null : sentence(over);
    },
  };
};
