import { parseMissionHead } from "../../pipeline/mission/mission-head.ts";
import { askJson, mayRead, wantsLogin } from "./ask.ts";
import type { Desk } from "./desk.ts";
import { missionPath, type RunSession } from "./run-session.ts";

/** First wait before the connection is tried again, and the longest; ms. */
const firstWait = 2000;
const longestWait = 30_000;

/**
 * Follows a run at work: whenever the server says that its record has grown, the head is read again and what is new is loaded. Ends itself when the
 * run has ended. Gives a function that stops it.
 */
export const followRun = (desk: Desk, session: RunSession, id: string): (() => void) => {
  let source: EventSource | null = null;
  let timer = 0;
  let wait = firstWait;
  let stopped = false;
  let reading: Promise<void> = Promise.resolve();

  const lost = (): void => {
    source?.close();
    if (stopped) return;
    desk.connection.value = { state: "lost", retryAt: Date.now() + wait };
    timer = window.setTimeout(connect, wait);
    wait = Math.min(longestWait, wait * 2);
  };
  const readHead = async (): Promise<void> => {
    try {
      const head = parseMissionHead(await askJson(missionPath(id)), `mission of ${id}`);
      if (!stopped) await session.grow(head);
      if (head.state !== "at work") stop();
    } catch (error) {
      if (!wantsLogin(error)) return lost();
      stop();
    }
  };
  const connect = (): void => {
    source = new EventSource(`/api/runs/${encodeURIComponent(id)}/live`);
    source.onopen = () => {
      wait = firstWait;
      desk.connection.value = { state: "open" };
    };
    // One head after the other: a slow one must not overwrite a later one.
    source.addEventListener("head", () => (reading = reading.then(readHead)));
    source.addEventListener("end", () => {
      reading = reading.then(readHead);
      source?.close();
    });
    // An event source does not say why it was refused.
    source.onerror = () => {
      source?.close();
      mayRead().then((may) => (may ? lost() : stop()), lost);
    };
  };
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
  connect();
  return stop;
};
