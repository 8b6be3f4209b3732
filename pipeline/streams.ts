/**
 * Maps a stream with up to `inFlight` calls under way, results in the order of the source.
 * Overflow policy: block. The source is asked for the next item only when a place is free.
 * The first failure ends the stream; calls under way are left to settle before it is thrown.
 */
export async function* mapOrdered<In, Out>(
  source: AsyncIterable<In> | Iterable<In>,
  inFlight: number,
  map: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const waiting: Promise<Out>[] = [];
  try {
    for await (const item of source) {
      const result = map(item);
      // A rejection is rethrown when its turn comes; until then it must not count as unhandled.
      result.catch(ignore);
      waiting.push(result);
      if (waiting.length >= inFlight) yield await (waiting.shift() as Promise<Out>);
    }
    while (waiting.length > 0) yield await (waiting.shift() as Promise<Out>);
  } finally {
    await Promise.allSettled(waiting);
  }
}

const ignore = (): void => undefined;
