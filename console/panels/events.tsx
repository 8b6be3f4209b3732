import { useComputed, useSignal } from "@preact/signals";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { eventLines, type EventLine } from "../reading/event-lines.ts";
import { eventsUpTo, type LogFilter } from "../state/event-log.ts";
import { exactClock } from "../time/time-axis.ts";

const filters: readonly LogFilter[] = ["all", "products", "losses"];
const most = 120;
const classes: Readonly<Record<EventLine["sort"], string>> = {
  landed: "landed",
  product: "",
  loss: "lost",
  contact: "",
};

/** What happened, newest first; a row jumps the clock there and selects. */
export const Events = () => {
  const console = useConsole();
  const { desk, run, view } = console;
  const filter = useSignal<LogFilter>("all");
  const shown = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined || view.value === null) return { lines: [], losses: 0 };
    const t = desk.readT.value - prepared.epoch;
    return {
      lines: eventLines(prepared, view.value, t, filter.value, most),
      losses: eventsUpTo(prepared.plan, view.value.record, t, 1000, "losses").length,
    };
  });
  const { lines, losses } = shown.value;
  const epoch = run.value?.prepared.epoch ?? 0;
  return (
    <section class="events" aria-label="Events">
      <div class="head">
        <h2>Events</h2>
        <span>all nodes · newest first</span>
        <span class="filters" role="group" aria-label="Which events">
          {filters.map((each) => (
            <button
              type="button"
              key={each}
              class={each === "losses" && losses > 0 ? "trouble" : ""}
              aria-pressed={filter.value === each}
              onClick={() => (filter.value = each)}
            >
              {each}
              {each === "losses" && ` ${losses >= 1000 ? "1,000+" : losses}`}
            </button>
          ))}
        </span>
      </div>
      {lines.length === 0 ? (
        <p class="note">{run.value === null ? "No run is shown." : "Nothing has happened yet."}</p>
      ) : (
        <ol class="list">
          {lines.map(({ key, t, node, text, figure, sort, selection }) => (
            <li key={key} class={classes[sort]}>
              <button type="button" onClick={() => select(console, selection, epoch + t)}>
                <span class="at">{exactClock(epoch + t)}</span>
                <span class="node">{node}</span>
                <span class="text" title={text}>
                  {text}
                </span>
                <span>{figure}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
};
