import Table from "cli-table3";
import { formatBytes, formatCountOf, formatDuration, formatSi } from "../../pipeline/format.ts";
import { formatInstant, type Seconds } from "../../pipeline/units.ts";
import type { CueStudy } from "../../studies/cues/cue-study.ts";

const span = (value: Seconds | null): string => (value === null ? "–" : formatDuration(value));
const share = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;

const joulesText = (value: number): string => formatSi(value, "J");

/** Tip and cue for people: one column a route. */
export const printCues = ({
  from,
  to,
  satellites,
  stations,
  tips,
  acquisitions,
  flights,
  assumed,
}: CueStudy): void => {
  console.log(
    `${formatCountOf(tips.length, "tip")} from ${formatCountOf(acquisitions, "acquisition")} of ${formatCountOf(satellites, "satellite")} over ${formatCountOf(stations, "station")}, ${formatInstant(from)} … ${formatInstant(to)}`,
  );
  const table = new Table({
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    head: ["", ...flights.map(({ route }) => (route === "ground" ? "by the ground" : "with crosslinks"))],
  });
  const row = (title: string, of: (flight: CueStudy["flights"][number]) => string): void =>
    void table.push([title, ...flights.map(of)]);
  row("followed", ({ figures }) => share(figures.followed, figures.tips));
  row("confirmed", ({ figures }) => share(figures.confirmed, figures.tips));
  row("median tip → centre", ({ figures }) => span(figures.toCentre));
  row("median tip → cue on board", ({ figures }) => span(figures.toCue));
  row("median tip → cue image", ({ figures }) => span(figures.toImage));
  row("median tip → confirmation", ({ figures }) => span(figures.toConfirmation));
  row("cues over crosslinks alone", ({ figures }) => `${figures.routes.crosslinks}`);
  row("cues by the ground", ({ figures }) => `${figures.routes.ground}`);
  row("told too late", ({ figures }) => `${figures.missed.late}`);
  row("nobody over it in time", ({ figures }) => `${figures.missed.nobody}`);
  row("cameras taken", ({ figures }) => `${figures.missed.busy}`);
  row("bytes up, across, down", ({ cost }) =>
    [cost.up, cost.across, cost.down].map((one) => formatBytes(one)).join(", "),
  );
  row("energy", ({ cost }) => joulesText(cost.energy));
  row(
    "all acquisitions again",
    ({ cost: { everything } }) => `${formatBytes(everything.down)} down, ${joulesText(everything.energy)}`,
  );
  console.log(table.toString());
  if (assumed.length > 0) console.log(`assumed: ${assumed.join(", ")}`);
};
