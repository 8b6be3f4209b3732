import type { CursorStore } from "./cursor-store.ts";
import type { FanOut } from "./fan-out.ts";
import type { Journal } from "./journal.ts";

/** All that subscribers are served from. */
export interface DetectionFeed {
  readonly journal: Journal;
  readonly fanOut: FanOut;
  readonly cursors: CursorStore;
  /** Every class that a detection may have: of what was found, and of the models that runs fly. Empty: nobody knows. */
  knownClasses(): ReadonlySet<string>;
}
