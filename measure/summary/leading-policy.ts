import type { DaySummary } from "./day-summary.ts";
import type { PolicySummary, RunSummary } from "./run-summary.ts";

/** Policies that find as much of what raw finds as the best one, within this share, count as equal. */
const alike = 0.01;

/** Share of raw's detections that the policy finds; 1 where nothing was compared: then nothing is known to be lost. */
const keptFraction = ({ agreementWithRaw }: PolicySummary): number =>
  agreementWithRaw === null || agreementWithRaw.ofRaw === 0 ? 1 : agreementWithRaw.rawFoundFraction;

/** What a policy sends: in the full day where there is one, else of the scenes. */
const sentBytes = ({ day }: RunSummary, { policy, bytes }: PolicySummary): number =>
  day?.policies.find((one) => one.policy === policy)?.bytes.onLink ?? bytes.onLink.total;

/**
 * The policy that an answer is about: of those that fit (of all, where none does), and that find what raw finds as well as any of
 * them, the one that sends least. `raw` is what the others stand against, and leads only where nothing else does.
 */
export const leadingPolicy = (summary: RunSummary): PolicySummary => {
  const fitting = summary.policies.filter(({ verdicts }) => verdicts.fits !== false);
  const able = fitting.length === 0 ? summary.policies : fitting;
  const others = able.filter(({ policy }) => policy !== "raw");
  const candidates = others.length === 0 ? able : others;
  const most = Math.max(...candidates.map(keptFraction));
  const [first] = candidates
    .filter((one) => keptFraction(one) >= most - alike)
    .toSorted((a, b) => sentBytes(summary, a) - sentBytes(summary, b));
  if (first === undefined) throw new RangeError("a summary has at least one policy");
  return first;
};

/**
 * What all of raw would put on the link in the day, framing and retransmissions included, whether its contacts carry it or not: what a
 * policy's day stands against. Bytes; `null` where raw was not flown or made nothing.
 */
export const rawDayBytes = ({ policies }: DaySummary): number | null => {
  const raw = policies.find(({ policy }) => policy === "raw");
  const asked = raw?.contacts.reduce((sum, { askedBytes }) => sum + askedBytes, 0) ?? 0;
  return asked === 0 ? null : asked;
};
