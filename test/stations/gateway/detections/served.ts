import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytes, seconds } from "../../../../pipeline/units.ts";
import { cursorsFace } from "../../../../stations/gateway/detections/cursors-face.ts";
import { detectionsFace } from "../../../../stations/gateway/detections/detections-face.ts";
import { type Gateway, openGateway } from "../../../../stations/gateway/gateway.ts";
import { newSecret } from "../../../../stations/gateway/login.ts";
import { openCursors } from "../../../../stations/subscribers/cursor-store.ts";
import { fanOut as fanOutOf } from "../../../../stations/subscribers/fan-out.ts";
import type { DetectionFeed } from "../../../../stations/subscribers/feed.ts";
import { openJournal } from "../../../../stations/subscribers/folder-journal.ts";
import { take } from "../../../../stations/subscribers/ingest.ts";
import type { ResultMessage } from "../../../../pipeline/mission/result-message.ts";
import { heard } from "../../subscribers/results.ts";

export interface Served extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly feed: DetectionFeed;
  readonly notes: readonly string[];
  /** As if a stream of that name had them, behind what it had. */
  land(results: readonly ResultMessage[], stream?: string): void;
  readonly authorized: { readonly Authorization: string };
}

/** A gateway over a journal of its own, without NATS. */
export const serve = async (folder = mkdtempSync(join(tmpdir(), "swath-served-"))): Promise<Served> => {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const journal = await openJournal({ folder: join(folder, "journal"), keep: bytes(1e9), note });
  const fanOut = fanOutOf(journal);
  const cursors = openCursors(join(folder, "cursors"), note);
  const feed: DetectionFeed = {
    journal,
    fanOut,
    cursors,
    knownClasses: () => new Set(["ship", "water", ...journal.classes]),
  };
  const gateway = await openGateway({
    host: "127.0.0.1",
    port: 0,
    faces: [detectionsFace(feed, note), cursorsFace(feed)],
    secret: newSecret(),
    origins: [],
    loginValid: seconds(3600),
    note,
  });
  return {
    gateway,
    feed,
    notes,
    authorized: { Authorization: `Bearer ${gateway.token}` },
    land(results, stream = "stream-1") {
      const [first] = results;
      if (first !== undefined && journal.lastOf(stream) === 0)
        journal.openSource({ name: stream, run: first.run, startedMs: 1 });
      take(feed, stream, heard(results, journal.lastOf(stream) + 1));
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      journal.close();
    },
  };
};
