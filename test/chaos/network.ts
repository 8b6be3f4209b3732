/** What a way between one place and all others can suffer. */
export interface Spoil {
  /** Nothing passes, and nobody is told. */
  readonly silent?: boolean;
  /** Connections end and none is taken; a network of namespaces is silent instead. */
  readonly cut?: boolean;
  /** Share of what is lost. */
  readonly loss?: number;
  readonly delayMs?: number;
}

/** Where a process listens, and where others reach it. */
export interface Endpoint {
  readonly listen: string;
  readonly reach: string;
}

/** Places that processes run at, and the ways between them, which can be spoilt. Dispose of it to take all of it back. */
export interface Network extends AsyncDisposable {
  /** What loss, delay and silence are made of: packets of namespaces, or pieces of a connection. */
  readonly kind: "namespaces" | "lines";
  /** What stands before a command line to run it at a place. */
  readonly at: (place: string) => readonly string[];
  /** A port at a place; the same one every time it is asked for by that name. `isOwn`: nobody spoils the way there. */
  readonly endpoint: (place: string, port: string, isOwn?: boolean) => Promise<Endpoint>;
  /** Whether there is a way to a place that can be spoilt. */
  readonly isReached: (place: string) => boolean;
  /** Spoils the way to a place for so long. */
  readonly spoil: (place: string, how: Spoil, ms: number) => Promise<void>;
}
