import type { Choice, LookSatellite } from "../looks/look-choice.ts";
import type { LookArea } from "../looks/look-area.ts";
import { LookTimeline } from "../looks/look-timeline.ts";
import { angleBetween } from "../../pipeline/orbit/pointing.ts";
import { slewTime } from "../../pipeline/orbit/slew.ts";
import { later, type Bytes, type Instant, type Seconds } from "../../pipeline/units.ts";
import { earliestLook, passesOver } from "./earliest-look.ts";
import { centre, spreadFrom, type KnowledgeSize, type KnowledgeStep, type LinkIndex } from "./knowledge.ts";

/** What one satellite has seen that another one is to look at. */
export interface Tip {
  readonly id: string;
  /** Who saw it. */
  readonly satellite: string;
  readonly takenAt: Instant;
  /** When the detection stood on board. */
  readonly readyAt: Instant;
  readonly area: LookArea;
}

/** What cues are planned for. */
export interface CueMission {
  /** Who may follow: any satellite, or any but the one that saw it. */
  readonly by: "any" | "other";
  /** From the tip to the last moment at which the follower's image is worth anything. */
  readonly within: Seconds;
  readonly satellites: readonly LookSatellite[];
  readonly links: LinkIndex;
  /** Of the cue on its way, and of what confirms it. */
  readonly cue: KnowledgeSize;
  readonly result: KnowledgeSize;
  /** From the end of the follower's look until its result is ready. */
  readonly processing: Seconds;
  /** What a look puts into the store of the follower. */
  readonly bytes: Bytes;
}

/** What became of a tip. */
export interface CueOutcome {
  readonly tip: string;
  /** Who follows; `null`: nobody, `why` says. */
  readonly look: {
    readonly satellite: string;
    /** When the cue was on board, and how it came there: by way of the centre, or over crosslinks alone. */
    readonly toldAt: Instant;
    readonly route: "own" | "ground" | "crosslinks";
    readonly way: readonly KnowledgeStep[];
    readonly start: Instant;
    readonly end: Instant;
    readonly slew: Seconds;
  } | null;
  /** `late`: whoever flies over hears of it too late; `nobody`: nobody flies over in time; `busy`: their cameras are taken. */
  readonly why: "late" | "nobody" | "busy" | null;
  /** When the centre had the follower's result; `null`: not within the plan. */
  readonly confirmedAt: Instant | null;
  /** When the centre had the tip itself; `null`: not within the plan. */
  readonly tipAtCentre: Instant | null;
}

const routeOf = (way: readonly KnowledgeStep[]): "own" | "ground" | "crosslinks" =>
  way.length === 0 ? "own" : way.some(({ kind }) => kind === "up") ? "ground" : "crosslinks";

/**
 * Follows tips, in the order in which they stand on board: each goes to every satellite as early as links bring it, and is given to the one that then flies over first with
 * its camera free; that look stands from then on. Nobody acts on what has not reached it: the look begins after the cue is on board and the camera
 * has turned. What confirms it goes down the earliest way.
 */
export const followTips = (tips: readonly Tip[], mission: CueMission): readonly CueOutcome[] => {
  const { satellites, links, within, by } = mission;
  const timelines = satellites.map((satellite) => new LookTimeline(satellite));
  const outcomes = new Map<string, CueOutcome>();
  for (const tip of tips.toSorted((a, b) => a.readyAt - b.readyAt || (a.id < b.id ? -1 : 1))) {
    const told = spreadFrom(links, tip.satellite, tip.readyAt, mission.cue);
    const until = later(tip.takenAt, within);
    let best: { readonly choice: Choice; readonly place: number } | null = null;
    let [flown, heard] = [false, false];
    satellites.forEach((satellite, place) => {
      if (by === "other" && satellite.satellite === tip.satellite) return;
      const toldAt = told.at(satellite.satellite);
      const request = { ...tip, until, bytes: mission.bytes };
      if (!flown) flown = passesOver(satellite, request, tip.takenAt).length > 0;
      if (toldAt === null) return;
      const found = earliestLook(satellite, timelines[place] as LookTimeline, request, toldAt);
      if (found === null) return;
      heard = true;
      if (found.choice !== null && (best === null || found.choice.start < best.choice.start))
        best = { choice: found.choice, place };
    });
    const tipAtCentre = told.at(centre);
    const found = best as { readonly choice: Choice; readonly place: number } | null;
    if (found === null) {
      const why = heard ? "busy" : flown ? "late" : "nobody";
      outcomes.set(tip.id, { tip: tip.id, look: null, why, confirmedAt: null, tipAtCentre });
      continue;
    }
    const { choice: chosen, place } = found;
    const { satellite: id, agility } = satellites[place] as LookSatellite;
    const timeline = timelines[place] as LookTimeline;
    const slew = slewTime(
      agility,
      angleBetween(timeline.directionBefore(chosen).direction, chosen.direction),
    );
    timeline.add(chosen);
    const way = told.way(id);
    const result = spreadFrom(links, id, later(chosen.end, mission.processing), mission.result);
    outcomes.set(tip.id, {
      tip: tip.id,
      look: {
        satellite: id,
        toldAt: told.at(id) as Instant,
        route: routeOf(way),
        way,
        start: chosen.start,
        end: chosen.end,
        slew,
      },
      why: null,
      confirmedAt: result.at(centre),
      tipAtCentre,
    });
  }
  return tips.map(({ id }) => outcomes.get(id) as CueOutcome);
};
