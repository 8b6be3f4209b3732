import { uptime } from "node:os";

/** More detections than anybody sends in the time that a disk takes to write. */
export const lostNumbers = 1_000_000;

/** When this machine was started, milliseconds since 1970; as exact as its clock. */
export const bootedMs = (): number => Math.round(Date.now() - uptime() * 1000);

/** Clocks are set by less than this while a machine runs; ms. */
const clockSlack = 120_000;

/** Whether the machine was started again since it had been started at `before`: what the disk had not written then is lost. */
export const hasBootedSince = (before: number): boolean => Math.abs(bootedMs() - before) > clockSlack;
