import type { Lane, LaneStage } from "../time/lane.ts";
import type { OrderRecord } from "../state/order-record.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";

/** Lanes of orders that are laid out: more are found by their names. */
const mostLanes = 300;

const emptyLane = { bars: [], shadows: [], sends: [], silentSince: null } as const;

const known = (t: number): boolean => !Number.isNaN(t);

const earliest = (...moments: readonly number[]): number =>
  moments.filter(known).reduce((least, at) => Math.min(least, at), Infinity);

/** From when it is given until it is on board, until its image, until that is on the ground. What never comes is waited for until the deadline. */
const stagesOf = ({ times, acquisition }: OrderRecord, end: number): readonly LaneStage[] => {
  const { given, deadline, heard, refused, taken, done, landed } = times;
  const over = earliest(refused, known(deadline) ? deadline : end, end);
  const stages: LaneStage[] = [];
  const add = (name: LaneStage["name"], from: number, to: number): void => {
    if (known(from) && to > from) stages.push({ name, from, to });
  };
  add("waits", given, known(heard) ? heard : over);
  if (known(heard))
    add("on board", heard, acquisition === null ? earliest(done, over) : earliest(taken, over));
  if (known(taken)) add("taken", taken, earliest(landed, end));
  return stages;
};

/** A lane an order, in the order in which they are given. */
export const orderLanes = (
  { plan, epoch, length, shortNames }: Prepared,
  view: PolicyView,
): readonly Lane[] =>
  view.orders
    .filter(({ times }) => times.given <= length)
    .slice(0, mostLanes)
    .map((order): Lane => {
      const { id, satellite, acquisition, times } = order;
      const who = shortNames[satellite] ?? "";
      const planned = acquisition === null ? NaN : (plan.acquisitions.columns.at_s[acquisition] ?? NaN);
      const gone = known(times.refused)
        ? [times.refused]
        : known(times.deadline) && !known(times.taken) && !known(times.done) && times.deadline <= length
          ? [times.deadline]
          : [];
      return {
        ...emptyLane,
        id,
        label: id,
        fullLabel: id,
        shots:
          acquisition === null || !known(planned)
            ? []
            : [
                {
                  t: epoch + planned,
                  label: who,
                  landedAt: known(times.landed) ? epoch + times.landed : null,
                  acquisition,
                },
              ],
        losses: gone.map((at) => epoch + at),
        stages: stagesOf(order, length).map(({ name, from, to }) => ({
          name,
          from: epoch + from,
          to: epoch + to,
        })),
        ...(known(times.deadline) ? { deadline: epoch + times.deadline } : {}),
      };
    });
