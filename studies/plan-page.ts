import { renderPlanReport } from "../measure/report/plan-report.ts";
import { softwareText } from "../measure/summary/provenance-summary.ts";
import { orbitalPeriod } from "../pipeline/orbit/propagator.ts";
import { describeRate } from "../pipeline/link/rate/link-rate-text.ts";
import { commit, version } from "../pipeline/package.ts";
import type { Instant } from "../pipeline/units.ts";
import { groundTrack } from "./engine/ground-track.ts";
import type { Planned } from "./plan.ts";

/** A pass is drawn so long before and after the picture; s. */
const passTime = 360;

/** Passes that still make a map. */
const mostTracks = 60;

const tracksOf = ({ satellites, targets }: Planned, from: Instant) => {
  const [first] = satellites;
  if (targets === null || targets.seen.length === 0)
    return first === undefined ? [] : [groundTrack(first, from, from + orbitalPeriod(first))];
  const byId = new Map(satellites.map((satellite) => [satellite.id, satellite]));
  return targets.seen.slice(0, mostTracks).flatMap(({ satellite, at }) => {
    const orbit = byId.get(satellite);
    return orbit === undefined ? [] : [groundTrack(orbit, at - passTime, at + passTime)];
  });
};

/** A plan as one page: map, who sees what when, lanes of contacts, gaps and capacity. */
export const planPage = (planned: Planned, constellation: string, command: string): string => {
  const { satellites, stations, plan, links, targets } = planned;
  return renderPlanReport({
    constellation,
    from: plan.from,
    to: plan.to,
    satellites: satellites.map(({ id }) => id),
    stations,
    contacts: plan.contacts.map(({ id, satellite, station, aos, los }) => ({
      satellite,
      station,
      aos,
      los,
      capacityBytes: links?.of.get(id)?.capacity ?? null,
    })),
    link: links === null ? null : describeRate(links.rate),
    targets,
    tracks: tracksOf(planned, plan.from),
    software: softwareText({ version, commit }),
    command,
  });
};
