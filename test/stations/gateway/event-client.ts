/** An event of a stream, as a client sees it. */
export interface SeenEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A client of server-sent events that keeps what it saw. Dispose of it to leave. */
export interface EventClient extends Disposable {
  readonly response: Response;
  readonly seen: readonly SeenEvent[];
  /** Resolves once `test` holds of what was seen. */
  until(test: (seen: readonly SeenEvent[]) => boolean): Promise<void>;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
}

const parse = (frame: string): SeenEvent => {
  const fields = new Map(
    frame
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return {
    id: fields.get("id") ?? "",
    event: fields.get("event") ?? "message",
    data: fields.get("data") ?? "",
  };
};

/** Connects; what is refused is in `response`. */
export const listenTo = async (url: string, init: RequestInit = {}): Promise<EventClient> => {
  const leave = new AbortController();
  const response = await fetch(url, { ...init, signal: leave.signal });
  const seen: SeenEvent[] = [];
  const waiting = new Set<() => void>();
  const read = async (): Promise<void> => {
    let rest = "";
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        rest += decoder.decode(chunk as Uint8Array, { stream: true });
        const frames = rest.split("\n\n");
        rest = frames.pop() ?? "";
        seen.push(...frames.map(parse).filter(({ data }) => data !== ""));
        for (const look of waiting) look();
      }
    } catch (error) {
      if (!leave.signal.aborted && !/terminated/.test(String(error))) throw error;
    }
  };
  const ended = response.ok ? read() : Promise.resolve();
  return {
    response,
    seen,
    ended,
    until: (test) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!test(seen)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    [Symbol.dispose]: () => leave.abort(),
  };
};

/** Those of detections. */
export const messages = (seen: readonly SeenEvent[]): readonly SeenEvent[] =>
  seen.filter(({ event }) => event === "message");
