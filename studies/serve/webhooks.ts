import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openCursors } from "../../stations/subscribers/cursor-store.ts";
import type { DetectionFeed } from "../../stations/subscribers/feed.ts";
import { openSubscriptions } from "../../stations/subscribers/webhook/subscription-store.ts";
import { postWebhook } from "../../stations/subscribers/webhook/webhook-target.ts";
import { openWebhooks, type Webhooks } from "../../stations/subscribers/webhook/webhooks.ts";
import type { Notes } from "../progress.ts";
import { stateFolder } from "./state-folder.ts";

/** Takes up the webhooks that are kept beside the runs. Throws `SwathError("storage")`. */
export const startWebhooks = (
  runs: string,
  { journal, fanOut }: DetectionFeed,
  isLoopback: boolean,
  { note }: Notes,
): Webhooks => {
  const folder = join(stateFolder(runs), "webhooks");
  const subscriptions = openSubscriptions(folder, note);
  const cursors = openCursors(join(folder, "cursors"), note);
  const clock = {
    now: () => Date.now(),
    sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
  };
  return openWebhooks({ journal, fanOut, cursors, subscriptions, clock }, ({ allowPrivate }) =>
    postWebhook({ loopback: isLoopback, inner: allowPrivate }),
  );
};
