import { durationText } from "../look/figures.ts";
import { useConsole } from "../page/console-context.ts";
import { behindHead, goLive, speeds, togglePlay } from "../time/clock.ts";
import { clockText, dayText } from "../time/time-axis.ts";
import { jumpToEvent } from "../page/actions.ts";

const windows = [
  [1800, "30 min"],
  [10_800, "3 h"],
  [43_200, "12 h"],
  [null, "all"],
] as const;

/** At the head: filled. Behind it: outlined, with how far. A finished run has its end. */
export const LiveButton = () => {
  const { desk } = useConsole();
  const { live } = desk.clock.value;
  const extent = desk.extent.value;
  const atWork = extent.head < extent.to;
  const behind = behindHead({ ...desk.clock.value, t: desk.readT.value }, extent);
  const press = (): void => {
    desk.clock.value = goLive(desk.clock.value, extent);
    desk.windowFrom.value = null;
  };
  if (!atWork)
    return (
      <button type="button" class="button" onClick={press} disabled={behind === 0}>
        End
      </button>
    );
  return (
    <button type="button" class="button live" aria-pressed={live} onClick={press}>
      {live ? "LIVE" : `LIVE · ${durationText(behind)} behind`}
    </button>
  );
};

/** Play, pause, events back and on; the clock; live; speed and window. */
export const Transport = () => {
  const console = useConsole();
  const { desk } = console;
  const { playing, speed } = desk.clock.value;
  const t = desk.readT.value;
  const { from, to } = desk.extent.value;
  const toggle = (): void => {
    desk.clock.value = togglePlay(desk.clock.value, desk.extent.value);
  };
  return (
    <div class="transport" role="group" aria-label="Clock">
      <span class="steps">
        <button
          type="button"
          class="button step"
          aria-label="Previous event"
          onClick={() => jumpToEvent(console, -1)}
        >
          <svg width="12" height="12" aria-hidden="true">
            <path d="M1 1V11M11 1L4 6L11 11Z" fill="currentColor" stroke="currentColor" stroke-width="1.5" />
          </svg>
        </button>
        <button type="button" class="button chosen" aria-label={playing ? "Pause" : "Play"} onClick={toggle}>
          <svg width="12" height="12" aria-hidden="true">
            {playing ? (
              <path d="M3 1V11M9 1V11" stroke="currentColor" stroke-width="3" />
            ) : (
              <path d="M2 0.5L11 6L2 11.5Z" fill="currentColor" />
            )}
          </svg>
        </button>
        <button
          type="button"
          class="button step"
          aria-label="Next event"
          onClick={() => jumpToEvent(console, 1)}
        >
          <svg width="12" height="12" aria-hidden="true">
            <path d="M11 1V11M1 1L8 6L1 11Z" fill="currentColor" stroke="currentColor" stroke-width="1.5" />
          </svg>
        </button>
      </span>
      <span class="time">
        {dayText(t)} {new Date(t * 1000).getUTCFullYear()}
        <b>{to > from ? clockText(t, speed <= 60 || !playing) : "––:––"}</b>
        UTC
      </span>
      <LiveButton />
      <span class="name">speed</span>
      <span class="choice speeds" role="group" aria-label="Speed">
        {speeds.map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={speed === each}
            onClick={() => {
              const phone = window.innerWidth < 900;
              const next = phone ? speeds[(speeds.indexOf(each) + 1) % speeds.length] : each;
              desk.clock.value = { ...desk.clock.value, speed: next ?? each, live: false };
            }}
          >
            ×{each.toLocaleString("en-GB")}
          </button>
        ))}
      </span>
      <span class="of">{to > from && `${durationText(t - from)} of ${durationText(to - from)}`}</span>
      <span class="name window">window</span>
      <span class="choice window" role="group" aria-label="Window of the lanes">
        {windows.map(([span, text]) => (
          <button
            type="button"
            key={text}
            aria-pressed={desk.windowSpan.value === span}
            onClick={() => {
              desk.windowSpan.value = span;
              desk.windowFrom.value = null;
            }}
          >
            {text}
          </button>
        ))}
      </span>
    </div>
  );
};
