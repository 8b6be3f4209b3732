import { Presets, SingleBar } from "cli-progress";
import { printableLines } from "../../pipeline/printable.ts";
import { formatBytes, formatCount, formatCountOf } from "../../pipeline/format.ts";
import { bytes, formatInstant } from "../../pipeline/units.ts";
import type { ContactProgress, FleetProgress, Progress } from "../../studies/progress.ts";
import type { FlightName } from "../../studies/answer.ts";

const titles: Readonly<Record<FlightName, string>> = {
  direct: "straight down",
  mesh: "with crosslinks",
};

/** A terminal is redrawn at most so often; ms. */
const drawEvery = 100;

/** Off a terminal: one line for each of these percentages of the satellites. */
const stepPercent = 25;

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0);

/** Progress on `stream`: standard error, so that standard output stays clean. */
export const openFleetProgress = (stream: NodeJS.WriteStream): FleetProgress & Disposable => {
  const live = stream.isTTY === true;
  const none = { count: 0, bytes: 0, made: 0, delivered: 0 };
  const done = { direct: { ...none }, mesh: { ...none } };
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
    const seen = printableLines(text);
    stream.write(isDrawn ? `\r\u001b[K${seen}\n` : `${seen}\n`);
    isDrawn = false;
  };
  return {
    begin(satellites) {
      total = satellites;
      for (const part of [done.direct, done.mesh]) Object.assign(part, none);
    },
    flown(flight, { row, made, delays }) {
      const part = done[flight];
      const before = Math.floor((100 * part.count) / total / stepPercent);
      part.count++;
      part.bytes += row.link_bytes;
      part.made += sumOf(Object.values(made));
      part.delivered += sumOf(Object.values(delays).map(({ length }) => length));
      const text = `${titles[flight]}: ${formatCount(part.count)} of ${formatCountOf(total, "satellite")} flown, ${formatCount(part.delivered)} of ${formatCountOf(part.made, "product")} on the ground, ${formatBytes(part.bytes)} sent`;
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

/** Progress on `stream` (standard error, so that standard output stays clean for tables and JSON). */
export const openProgress = (stream: NodeJS.WriteStream): Progress & Disposable => {
  const live = stream.isTTY === true;
  const bar = new SingleBar(
    {
      stream,
      format: "{title} {bar} {figures}",
      barsize: 20,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
    },
    Presets.shades_classic,
  );
  let title = "";
  let planned = 0;
  let processed = 0;
  let landed = 0;
  let detections = 0;
  let sent = 0;

  const figures = (): string =>
    `${processed}/${formatCountOf(planned, "picture")} processed on board, ${landed} ${landed === 1 ? "product" : "products"} on the ground, ${formatBytes(bytes(sent))} sent, ${formatCountOf(detections, "detection")} published`;
  const payload = () => ({ title: title.padEnd(8), figures: figures() });
  const draw = (): void => {
    if (bar.isActive) bar.update(processed, payload());
  };
  const line = (text: string): void => {
    const seen = printableLines(text);
    stream.write(live ? `\r\u001b[K${seen}\n` : `${seen}\n`);
    draw();
  };
  return {
    begin(name, acquisitions) {
      [title, planned, processed, landed, detections, sent] = [name, acquisitions, 0, 0, 0, 0];
      if (live) bar.start(planned, 0, payload());
      else stream.write(`${name}: ${formatCountOf(acquisitions, "acquisition")}\n`);
    },
    satellite(event) {
      if (event.type === "Acquisition:Processed" || event.type === "Acquisition:Failed") processed++;
      if (event.type === "Contact:Closed") sent += event.bytes;
      if (event.type === "Acquisition:Failed") {
        line(`${title}: scene ${event.scene} could not be read, the others go on: ${event.reason}`);
      }
      draw();
    },
    landed(products, found) {
      landed += products;
      detections += found;
      draw();
    },
    note: (text) => line(text),
    end() {
      bar.stop();
      if (!live) stream.write(`${title}: ${figures()}\n`);
    },
    [Symbol.dispose]: () => bar.stop(),
  };
};

/** Progress of a contact plan on `stream`. */
export const openContactProgress = (stream: NodeJS.WriteStream): ContactProgress & Disposable => {
  const live = stream.isTTY === true;
  const bar = new SingleBar({
    format: "contacts {bar} {value}/{total} satellites",
    stream,
    clearOnComplete: true,
  });
  return {
    begin(satellites, stations, hours) {
      if (live) bar.start(satellites, 0);
      else
        stream.write(
          `contacts: ${formatCountOf(satellites, "satellite")} × ${formatCountOf(stations, "station")}, ${hours} h\n`,
        );
    },
    planned(satellites) {
      if (live) bar.update(satellites);
    },
    note: (text) => void stream.write(`${text}\n`),
    end: () => bar.stop(),
    [Symbol.dispose]: () => bar.stop(),
  };
};
