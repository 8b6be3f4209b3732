import { acquisitionTime, backhaulTime, uplinkRate } from "../../pipeline/mission/contact-terms.ts";
import { formatPercent, formatSi } from "../../pipeline/format.ts";
import type { OrderPlan } from "../../pipeline/mission/order-plan.ts";
import type { MeshPlan } from "../../pipeline/mission/run-plan.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { defaultBackhaul, defaultTurnaround } from "../../planning/contacts/station-networks.ts";
import { figureKind } from "../inputs/spacecraft-file.ts";

/** What links and ground of a run rest on. */
export interface LinkGrounds {
  readonly spacecraft: Pick<Spacecraft, "name" | "radio" | "crosslink">;
  /** `null`: satellites do not talk to each other. */
  readonly mesh: MeshPlan | null;
  readonly stations: readonly GroundStation[];
  /** Of the ground's processors; `null` where the ground detects nothing, or nobody follows what it does. */
  readonly groundOpsPerSecond: number | null;
  /** Of the mission; absent or `null`: nothing is ordered. */
  readonly orders?: OrderPlan | null;
}

const spread = (values: readonly number[], format: (value: number) => string): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? format(low) : `${format(low)} … ${format(high)}`;
};

const secondsText = (value: number): string => `${Number(value.toPrecision(3))} s`;

const isZero = (values: readonly number[]): boolean => values.every((value) => value === 0);

/** Who says a figure of the radio, and whether anybody published it. */
const saidBy = (name: string, path: string, fromStations: boolean, fromRadio: boolean): string => {
  if (!fromRadio) return "as the stations say";
  const kind = figureKind(name, path);
  const radio = kind === null ? `as the file of ${name} says` : `${kind} for ${name}`;
  return fromStations ? `as stations say, else ${radio}` : radio;
};

/**
 * What a run takes for granted of its links and of the ground, a line each: figures that are assumed, and what is taken as zero.
 * The lines stand beside every answer.
 */
export const linkAssumptions = ({
  spacecraft: { name, radio, crosslink },
  mesh,
  stations,
  groundOpsPerSecond,
  orders = null,
}: LinkGrounds): readonly string[] => {
  const isCommanded = orders !== null;
  const lines: string[] = [];
  const zero: string[] = [];

  const locks = stations.map((station) => acquisitionTime(station, radio));
  if (isZero(locks)) zero.push("the time until a link is locked");
  else {
    const own = stations.some(({ acquisition }) => acquisition !== undefined);
    const rest = stations.some(({ acquisition }) => acquisition === undefined);
    const who = saidBy(name, "radio.acquisition", own, rest);
    lines.push(`a link is locked ${spread(locks, secondsText)} after a contact begins, ${who}`);
  }

  const slews = stations.map(({ turnaround }) => turnaround ?? defaultTurnaround);
  if (isZero(slews)) zero.push("what antennas need between two satellites");
  else {
    const who = slews.includes(defaultTurnaround)
      ? "assumed where a station does not say"
      : "as the stations say";
    lines.push(`an antenna needs ${spread(slews, secondsText)} between two satellites, ${who}`);
  }

  const ways = stations.map(backhaulTime);
  if (isZero(ways)) zero.push("the way from stations to the mission centre");
  else {
    const who = ways.includes(defaultBackhaul)
      ? "assumed where a station does not say"
      : "as the stations say";
    lines.push(`${spread(ways, secondsText)} from station to mission centre, ${who}, whatever the volume`);
  }

  const rates = stations.map((station) => uplinkRate(station, radio));
  const known = rates.flatMap((rate) => rate ?? []);
  if (known.length > 0) {
    const own = stations.some(({ uplink }) => uplink !== undefined);
    const who = saidBy(name, "radio.uplink", own, radio.uplink !== undefined);
    lines.push(`reports and requests go up at ${spread(known, (rate) => formatSi(rate, "bit/s"))}, ${who}`);
  }
  if (known.length < rates.length) zero.push("the length of reports and requests on the uplink");
  // Orders are lost and sent again; what else goes up is not.
  if (!isCommanded) zero.push("errors of the uplink");
  else {
    lines.push("orders on the uplink lose bits and segments as often as the downlink does, assumed");
    zero.push("errors of reports and requests on the uplink");
  }

  if (mesh !== null && crosslink !== null) {
    const { pointingTime, lockShare } = crosslink;
    const turn = `terminals between satellites take ${secondsText(pointingTime)} to find each other`;
    if (lockShare === undefined) {
      lines.push(`${turn}, ${saidBy(name, "crosslink.pointingTime", false, true)}`);
      zero.push("tries of terminals that fail");
    } else {
      const who = saidBy(name, "crosslink.lockShare", false, true);
      lines.push(
        `${turn} (${saidBy(name, "crosslink.pointingTime", false, true)}); ${formatPercent(lockShare)} of tries succeed, ${who}`,
      );
    }
    const { optical } = crosslink;
    if (optical !== undefined) {
      const most = formatSi(optical.maxRate, "bit/s");
      const how =
        optical.kind === "telescopes"
          ? "by their telescopes"
          : `${formatSi(optical.rate, "bit/s")} at ${Math.round(optical.range / 1000)} km`;
      lines.push(`links between satellites run by their length, ${how}, at most ${most}`);
    }
    zero.push("errors between satellites");
  }

  if (groundOpsPerSecond === null) zero.push("the queue and the work of the ground's processors");
  else {
    const rate = `${Number((groundOpsPerSecond / 1e12).toPrecision(3))} × 10¹²`;
    lines.push(`the ground's processors work on one tile after the other at ${rate} operations/s, assumed`);
  }
  zero.push("delivery to subscribers, once the centre has a result");
  return [...lines, `taken as zero: ${zero.join("; ")}`];
};
