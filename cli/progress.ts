import { formatBytes } from "../pipeline/meter/format.ts";
import { bytes } from "../pipeline/units.ts";
import type { SatelliteEvent } from "../operators/mission.ts";

/** What a command shows while it works: one line that rewrites itself on a terminal, a line an event off it. */
export interface Progress {
  readonly begin: (title: string, acquisitions: number) => void;
  readonly satellite: (satellite: string, event: SatelliteEvent) => void;
  readonly flown: (satellite: string) => void;
  readonly landed: (scene: string, detections: number) => void;
  readonly note: (text: string) => void;
  readonly end: () => void;
}

const barWidth = 24;

/** Progress on `stream` (standard error, so that standard output stays clean for tables and JSON). */
export const openProgress = (stream: NodeJS.WriteStream): Progress => {
  const live = stream.isTTY === true;
  let title = "";
  let planned = 0;
  let processed = 0;
  let landed = 0;
  let detections = 0;
  let sent = 0;
  let drawn = 0;

  const draw = (force = false): void => {
    if (!live || (!force && performance.now() - drawn < 80)) return;
    drawn = performance.now();
    const done = planned === 0 ? 0 : (processed + landed) / (2 * planned);
    const figures = `${processed}/${planned} on board, ${landed} on the ground, ${formatBytes(bytes(sent))} sent, ${detections} detections`;
    // Some terminals say that they have 0 columns. The figures go first when there is little room.
    const columns = stream.columns || 100;
    const width = Math.max(4, Math.min(barWidth, columns - figures.length - 12));
    const bar = "█".repeat(Math.round(done * width)).padEnd(width, "░");
    const text = `${title.padEnd(8)} ${bar} ${figures}`;
    // Overwritten and then cleared to its end: cleared first, it would flicker.
    stream.write(`\r${text.slice(0, columns - 1)}\u001b[K`);
  };
  const line = (text: string): void => {
    if (live) stream.write("\r\u001b[2K");
    stream.write(`${text}\n`);
    draw(true);
  };
  return {
    begin(name, acquisitions) {
      [title, planned, processed, landed, detections, sent] = [name, acquisitions, 0, 0, 0, 0];
      if (live) draw(true);
      else stream.write(`${name}: ${acquisitions} acquisitions\n`);
    },
    satellite(satellite, event) {
      if (event.type === "Acquisition:Processed") processed++;
      if (event.type === "Contact:Closed") sent += event.bytes;
      if (event.type === "Acquisition:Failed") {
        processed++;
        line(`${title}: scene ${event.scene} could not be read, the others go on: ${event.reason}`);
      }
      draw();
      void satellite;
    },
    flown: () => draw(),
    landed(_scene, found) {
      landed++;
      detections += found;
      draw();
    },
    note: (text) => line(text),
    end() {
      if (live) stream.write("\r\u001b[2K");
      else
        stream.write(
          `${title}: ${processed} on board, ${landed} on the ground, ${formatBytes(bytes(sent))} sent, ${detections} detections\n`,
        );
    },
  };
};
