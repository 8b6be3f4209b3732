import { constants } from "node:os";

/** The user asked the command to stop. */
export class Interruption extends Error {
  /** As shells have it: 128 and the number of the signal. */
  readonly exitCode: number;

  constructor(name: NodeJS.Signals) {
    super("interrupted");
    this.name = "Interruption";
    this.exitCode = 128 + constants.signals[name];
  }
}

const heeded: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Does `work` with a signal that aborts on Ctrl-C, SIGTERM and a closed terminal, so that servers stop and scratch files
 * go; asked a second time, the process ends at once. Whatever breaks in work that was told to stop, `Interruption` is
 * what is thrown.
 */
export const interruptible = async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    const reason = new Interruption(name);
    if (controller.signal.aborted) process.exit(reason.exitCode);
    controller.abort(reason);
  };
  for (const name of heeded) process.on(name, stop);
  try {
    await work(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    for (const name of heeded) process.off(name, stop);
  }
};
