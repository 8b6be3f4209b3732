import { Presets, SingleBar } from "cli-progress";
import { formatBytes } from "../pipeline/format.ts";
import { bytes } from "../pipeline/units.ts";
import type { Progress } from "../studies/progress.ts";

/** Progress on `stream` (standard error, so that standard output stays clean for tables and JSON). */
export const openProgress = (stream: NodeJS.WriteStream): Progress => {
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
    `${processed}/${planned} on board, ${landed} on the ground, ${formatBytes(bytes(sent))} sent, ${detections} detections`;
  const payload = () => ({ title: title.padEnd(8), figures: figures() });
  const draw = (): void => {
    if (bar.isActive) bar.update(processed + landed, payload());
  };
  const line = (text: string): void => {
    stream.write(live ? `\r\u001b[K${text}\n` : `${text}\n`);
    draw();
  };
  return {
    begin(name, acquisitions) {
      [title, planned, processed, landed, detections, sent] = [name, acquisitions, 0, 0, 0, 0];
      if (live) bar.start(2 * planned, 0, payload());
      else stream.write(`${name}: ${acquisitions} acquisitions\n`);
    },
    satellite(event) {
      if (event.type === "Acquisition:Processed" || event.type === "Acquisition:Failed") processed++;
      if (event.type === "Contact:Closed") sent += event.bytes;
      if (event.type === "Acquisition:Failed") {
        line(`${title}: scene ${event.scene} could not be read, the others go on: ${event.reason}`);
      }
      draw();
    },
    landed(found) {
      landed++;
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
