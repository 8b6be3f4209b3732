import { formatInstant, type Instant } from "../../pipeline/units.ts";
import type { CueStudy } from "./cue-study.ts";

const time = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/** A study as JSON: figures by route, and every cue with the steps that brought it. Times in UTC; units in the names. */
export const cueRecord = ({
  from,
  to,
  satellites,
  stations,
  acquisitions,
  tips,
  flights,
  assumed,
}: CueStudy) => ({
  from_utc: formatInstant(from),
  to_utc: formatInstant(to),
  satellites,
  stations,
  acquisitions,
  assumed,
  flights: flights.map(({ route, figures, cost, outcomes }) => ({
    route,
    tips: figures.tips,
    followed: figures.followed,
    confirmed: figures.confirmed,
    median_s: {
      tip_at_centre: figures.toCentre,
      cue_on_board: figures.toCue,
      image: figures.toImage,
      confirmation: figures.toConfirmation,
    },
    routes: figures.routes,
    missed: figures.missed,
    cost: {
      up_bytes: cost.up,
      across_bytes: cost.across,
      down_bytes: cost.down,
      energy_j: cost.energy,
      everything: {
        looks: cost.everything.looks,
        down_bytes: cost.everything.down,
        energy_j: cost.everything.energy,
      },
    },
    cues: outcomes.map(({ tip, look, why, confirmedAt, tipAtCentre }, n) => ({
      tip,
      satellite: tips[n]?.satellite ?? null,
      taken_utc: time(tips[n]?.takenAt ?? null),
      longitude: tips[n]?.area.longitude ?? null,
      latitude: tips[n]?.area.latitude ?? null,
      tip_at_centre_utc: time(tipAtCentre),
      follower: look?.satellite ?? null,
      route: look?.route ?? null,
      told_utc: time(look?.toldAt ?? null),
      image_utc: time(look?.start ?? null),
      confirmed_utc: time(confirmedAt),
      missed: why,
      way: (look?.way ?? []).map((step) => ({
        kind: step.kind,
        from: step.from,
        to: step.to,
        link: step.link,
        sent_utc: formatInstant(step.sentAt),
        arrived_utc: formatInstant(step.at),
      })),
    })),
  })),
});
