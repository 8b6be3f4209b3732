import type { Command } from "commander";

/**
 * Every command by its name, in the order of the help. A new one is one file here and one line below. They are loaded when they are called:
 * whoever asks for a contact plan does not wait until the gateway's server is read from disk.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import("./demo.ts")).demoCommand(),
  replay: async () => (await import("./replay.ts")).replayCommand(),
  compare: async () => (await import("./compare.ts")).compareCommand(),
  upsets: async () => (await import("./upsets.ts")).upsetsCommand(),
  dataset: async () => (await import("./dataset.ts")).datasetCommand(),
  model: async () => (await import("./model.ts")).modelCommand(),
  plan: async () => (await import("./plan.ts")).planCommand(),
  cues: async () => (await import("./cues.ts")).cuesCommand(),
  simulate: async () => (await import("./simulate.ts")).simulateCommand(),
  merge: async () => (await import("./merge.ts")).mergeCommand(),
  sweep: async () => (await import("./sweep.ts")).sweepCommand(),
  presets: async () => (await import("./presets.ts")).presetsCommand(),
  command: async () => (await import("./command.ts")).commandCommand(),
  serve: async () => (await import("./serve.ts")).serveCommand(),
  subscribe: async () => (await import("./subscribe.ts")).subscribeCommand(),
  subscriptions: async () => (await import("./subscriptions.ts")).subscriptionsCommand(),
  detections: async () => (await import("./detections.ts")).detectionsCommand(),
  run: async () => (await import("./run.ts")).runCommand(),
  tenants: async () => (await import("./tenants.ts")).tenantsCommand(),
  ledger: async () => (await import("./ledger.ts")).ledgerCommand(),
  doctor: async () => (await import("./doctor.ts")).doctorCommand(),
  keys: async () => (await import("./keys.ts")).keysCommand(),
  satellite: async () => (await import("./satellite.ts")).satelliteCommand(),
  station: async () => (await import("./station.ts")).stationCommand(),
};

/** Other names of commands: each command says its own too, for its help. */
export const aliases: Readonly<Record<string, string>> = { models: "model" };
