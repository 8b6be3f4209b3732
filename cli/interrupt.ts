/** Aborts on the first Ctrl-C or SIGTERM so that servers stop and scratch files go; the second one ends the process. */
export const interruptSignal = (): AbortSignal => {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
};
