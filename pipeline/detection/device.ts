import { SwathError } from "../errors.ts";

/** Where networks run: the execution providers of ONNX Runtime that its package for Node knows. */
export const deviceNames = ["cpu", "cuda", "tensorrt", "coreml", "dml", "webgpu"] as const;
/** One of `deviceNames`. */
export type DeviceName = (typeof deviceNames)[number];

/**
 * Devices in the order in which a network's operators are offered to them. With `cpu` at the end, operators that the others
 * lack run there; without it, a network that needs such an operator is refused.
 */
export type Device = readonly DeviceName[];

/** What `--device` says of itself on every command that runs a model. */
export const deviceHelp = `where networks run: ${deviceNames.join(", ")}; cuda,cpu lets the CPU run what cuda lacks (default: cpu)`;

/** The CPU alone: the device when none is given. */
export const cpu: Device = ["cpu"];

/** Reads `cuda` or `cuda,cpu`. Throws `SwathError("config")`. */
export const parseDevice = (text: string): Device => {
  const names = text.split(",").map((name) => name.trim().toLowerCase());
  const isKnown = (name: string): name is DeviceName => deviceNames.some((known) => known === name);
  if (names.every(isKnown) && new Set(names).size === names.length) return names;
  throw new SwathError("config", {
    what: "--device",
    wanted: `${deviceNames.join(", ")}, or one of these and cpu: cuda,cpu`,
    got: `"${text}"`,
  });
};

/** The inverse of `parseDevice`. */
export const deviceText = (device: Device): string => device.join(",");
