import type { CueOutcome, Tip } from "../../planning/cues/cue-plan.ts";
import {
  bytes,
  joules,
  seconds,
  type Bytes,
  type Joules,
  type Seconds,
  type Watts,
} from "../../pipeline/units.ts";

/** How soon tips were followed. Medians are over those that were; `null` where none was. */
export interface CueFigures {
  readonly tips: number;
  /** Followed by a look within the time. */
  readonly followed: number;
  /** Of those, whose result the mission centre had within the plan. */
  readonly confirmed: number;
  /** From the moment the tip was taken. */
  readonly toCentre: Seconds | null;
  readonly toCue: Seconds | null;
  readonly toImage: Seconds | null;
  readonly toConfirmation: Seconds | null;
  /** Looks by how their cue came: over crosslinks alone, by the ground, or from the satellite itself. */
  readonly routes: Readonly<Record<"own" | "ground" | "crosslinks", number>>;
  /** Tips that nobody followed, by why. */
  readonly missed: Readonly<Record<"late" | "nobody" | "busy", number>>;
}

/** What following takes of links and batteries. */
export interface CueCost {
  /** On the uplink, over crosslinks (each hop), and down. */
  readonly up: Bytes;
  readonly across: Bytes;
  readonly down: Bytes;
  /** Camera, computer, slews and transmitter of the followers; terminals are on for the mesh anyway. */
  readonly energy: Joules;
  /** The same work without tips: every acquisition is looked at again. */
  readonly everything: { readonly looks: number; readonly down: Bytes; readonly energy: Joules };
}

/** What one look and its messages take. */
export interface CuePrices {
  readonly cue: Bytes;
  readonly result: Bytes;
  readonly lookEnergy: Joules;
  readonly slewPower: Watts;
  readonly sendEnergy: Joules;
  /** Where there are no tips, this many are followed. */
  readonly acquisitions: number;
}

const medianOf = (values: readonly number[]): Seconds | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return seconds(
    sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2,
  );
};

/** The figures of tips and what became of them, in the same order. */
export const figuresOf = (tips: readonly Tip[], outcomes: readonly CueOutcome[]): CueFigures => {
  const takenAt = new Map(tips.map((tip) => [tip.id, tip.takenAt]));
  const since = (tip: string, at: number): number => at - (takenAt.get(tip) ?? Number.NaN);
  const followed = outcomes.flatMap((one) => (one.look === null ? [] : [{ ...one, look: one.look }]));
  const count = (route: string): number => followed.filter(({ look }) => look.route === route).length;
  const missed = (why: string): number => outcomes.filter((one) => one.why === why).length;
  return {
    tips: tips.length,
    followed: followed.length,
    confirmed: followed.filter(({ confirmedAt }) => confirmedAt !== null).length,
    toCentre: medianOf(outcomes.flatMap(({ tip, tipAtCentre: at }) => (at === null ? [] : [since(tip, at)]))),
    toCue: medianOf(followed.map(({ tip, look }) => since(tip, look.toldAt))),
    toImage: medianOf(followed.map(({ tip, look }) => since(tip, look.start))),
    toConfirmation: medianOf(
      followed.flatMap(({ tip, confirmedAt: at }) => (at === null ? [] : [since(tip, at)])),
    ),
    routes: { own: count("own"), ground: count("ground"), crosslinks: count("crosslinks") },
    missed: { late: missed("late"), nobody: missed("nobody"), busy: missed("busy") },
  };
};

/** What following took, and what following everything would take: a look has the mean slew of those that were flown, there and back. */
export const costOf = (
  outcomes: readonly CueOutcome[],
  { cue, result, lookEnergy, slewPower, sendEnergy, acquisitions }: CuePrices,
): CueCost => {
  const looks = outcomes.flatMap(({ look }) => (look === null ? [] : [look]));
  const hops = (kind: string): number =>
    looks.reduce((sum, { way }) => sum + way.filter((step) => step.kind === kind).length, 0);
  const slewing = looks.reduce((sum, { slew }) => sum + 2 * slew, 0);
  const each = lookEnergy + sendEnergy + (looks.length === 0 ? 0 : (slewing * slewPower) / looks.length);
  return {
    up: bytes(hops("up") * cue),
    across: bytes(hops("across") * cue),
    down: bytes(looks.length * result),
    energy: joules(looks.length * each),
    everything: {
      looks: acquisitions,
      down: bytes(acquisitions * result),
      energy: joules(acquisitions * each),
    },
  };
};
