import type { Command } from "commander";
import { compareCommand } from "./compare.ts";
import { datasetCommand } from "./dataset.ts";
import { demoCommand } from "./demo.ts";
import { detectionsCommand } from "./detections.ts";
import { doctorCommand } from "./doctor.ts";
import { keysCommand } from "./keys.ts";
import { modelCommand } from "./model.ts";
import { planCommand } from "./plan.ts";
import { presetsCommand } from "./presets.ts";
import { replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { satelliteCommand } from "./satellite.ts";
import { serveCommand } from "./serve.ts";
import { simulateCommand } from "./simulate.ts";
import { stationCommand } from "./station.ts";
import { subscribeCommand } from "./subscribe.ts";
import { subscriptionsCommand } from "./subscriptions.ts";
import { sweepCommand } from "./sweep.ts";
import { upsetsCommand } from "./upsets.ts";

/** Every command, in the order of the help. A new one is one file here and one line below. */
export const commands: readonly (() => Command)[] = [
  demoCommand,
  replayCommand,
  compareCommand,
  upsetsCommand,
  datasetCommand,
  modelCommand,
  planCommand,
  simulateCommand,
  sweepCommand,
  presetsCommand,
  serveCommand,
  subscribeCommand,
  subscriptionsCommand,
  detectionsCommand,
  runCommand,
  doctorCommand,
  keysCommand,
  satelliteCommand,
  stationCommand,
];
