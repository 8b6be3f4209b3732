import { formatBytes, formatCount } from "../pipeline/format.ts";
import type { FlightName } from "../measure/fleet/fleet-record.ts";
import { formatInstant } from "../pipeline/units.ts";
import type { FleetProgress } from "../studies/progress.ts";

const titles: Readonly<Record<FlightName, string>> = {
  direct: "straight down",
  mesh: "with crosslinks",
};

/** A terminal is redrawn at most so often; ms. */
const drawEvery = 100;

/** Off a terminal, a line each so many satellites of a hundred. */
const stepPercent = 25;

/** Progress on `stream`: standard error, so that standard output stays clean. */
export const openFleetProgress = (stream: NodeJS.WriteStream): FleetProgress => {
  const live = stream.isTTY === true;
  const done = { direct: { count: 0, bytes: 0 }, mesh: { count: 0, bytes: 0 } };
  let total = 0;
  let drawnAt = 0;
  let isDrawn = false;
  const draw = (text: string): void => {
    const now = performance.now();
    if (!live || now - drawnAt < drawEvery) return;
    drawnAt = now;
    isDrawn = true;
    stream.write(`\r\u001b[K${text}`);
  };
  const line = (text: string): void => {
    stream.write(isDrawn ? `\r\u001b[K${text}\n` : `${text}\n`);
    isDrawn = false;
  };
  return {
    begin: (satellites) => (total = satellites),
    flown(flight, { row }) {
      const part = done[flight];
      const before = Math.floor((100 * part.count) / total / stepPercent);
      part.count++;
      part.bytes += row.link_bytes;
      const text = `${titles[flight]}: ${formatCount(part.count)} of ${formatCount(total)} satellites flown, ${formatBytes(part.bytes)} down`;
      const step = Math.floor((100 * part.count) / total / stepPercent);
      if (part.count === total || (!live && step > before)) line(text);
      else draw(text);
    },
    epoch: (end) =>
      draw(`${titles.mesh}: all satellites at ${formatInstant(end).slice(0, 16)} of mission time`),
    note: line,
    [Symbol.dispose]() {
      if (isDrawn) stream.write("\r\u001b[K");
    },
  };
};
