import { renderPlanReport } from "../measure/report/plan-report.ts";
import { softwareText } from "../measure/summary/provenance-summary.ts";
import { orbitalPeriod, subPoint } from "../pipeline/orbit/propagator.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { describeRate } from "../pipeline/link/rate/link-rate-text.ts";
import { commit, version } from "../pipeline/package.ts";
import { instant, type Instant } from "../pipeline/units.ts";
import type { Planned } from "./plan.ts";

/** A pass is drawn so long before and after the picture; s, and a point every half minute. */
const [passTime, step] = [360, 30] as const;

const trackOf = (satellite: Satellite, from: number, to: number) => ({
  points: Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => {
    const { longitude, latitude } = subPoint(satellite, instant(from + i * step));
    return [Math.round(longitude * 100) / 100, Math.round(latitude * 100) / 100] as const;
  }),
});

/** Passes that still make a map. */
const mostTracks = 60;

const tracksOf = ({ satellites, targets }: Planned, from: Instant) => {
  const [first] = satellites;
  if (targets === null || targets.seen.length === 0)
    return first === undefined ? [] : [trackOf(first, from, from + orbitalPeriod(first))];
  const byId = new Map(satellites.map((satellite) => [satellite.id, satellite]));
  return targets.seen.slice(0, mostTracks).flatMap(({ satellite, at }) => {
    const orbit = byId.get(satellite);
    return orbit === undefined ? [] : [trackOf(orbit, at - passTime, at + passTime)];
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
