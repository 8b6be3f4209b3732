import { batch } from "@preact/signals";
import type { LonLat } from "../map/view.ts";
import { detectionFacts } from "../reading/detection-facts.ts";
import { placeOfSelection } from "../reading/selection.ts";
import { goLive, moveTo, stepSpeed, togglePlay } from "../time/clock.ts";
import { centreOn, jumpToEvent, setTime, stepDetection, stepLane, stepOut, toggleAround } from "./actions.ts";
import type { Console } from "./console-context.ts";

type Action = (console: Console, event: KeyboardEvent) => void;

/** Moves the clock by a share of the window, the window standing still as while scrubbing. */
const stepTime = ({ desk }: Console, seconds: number): void => {
  batch(() => {
    const { from, to } = desk.window.peek();
    const t = desk.clock.peek().t + seconds;
    desk.windowFrom.value = t >= from && t <= to ? from : null;
    desk.clock.value = moveTo({ ...desk.clock.peek(), playing: false }, desk.extent.peek(), t);
  });
};

const windowShare = ({ desk }: Console, share: number): number => {
  const { from, to } = desk.window.peek();
  return (to - from) * share;
};

const zoomWindow = ({ desk }: Console, factor: number): void => {
  const { from, to } = desk.window.peek();
  desk.windowFrom.value = null;
  desk.windowSpan.value = Math.max(20, (to - from) * factor);
};

/** Opens what is selected: the best detection of a scene. */
const openSelection: Action = ({ desk, run, view }) => {
  const selection = desk.selection.peek();
  const prepared = run.peek()?.prepared;
  const shown = view.peek();
  if (selection?.kind !== "acquisition" || prepared === undefined || shown === null) return;
  const [best] = detectionFacts(prepared, shown, selection.acquisition, desk.t.peek() - prepared.epoch);
  if (best !== undefined)
    desk.selection.value = { kind: "detection", acquisition: selection.acquisition, detection: best.index };
};

const centre: Action = (console) => {
  const prepared = console.run.peek()?.prepared;
  const selection = console.desk.selection.peek();
  if (prepared === undefined || selection === null) return;
  const at = placeOfSelection(prepared, selection, console.desk.t.peek());
  if (at !== null) centreOn(console, at);
};

const actions: Readonly<Record<string, Action>> = {
  " ": ({ desk }) => (desk.clock.value = togglePlay(desk.clock.peek(), desk.extent.peek())),
  ",": (console) => stepTime(console, -1),
  ".": (console) => stepTime(console, 1),
  ArrowLeft: (console, { shiftKey }) => {
    if (!stepDetection(console, -1)) stepTime(console, -windowShare(console, shiftKey ? 1 / 6 : 1 / 60));
  },
  ArrowRight: (console, { shiftKey }) => {
    if (!stepDetection(console, 1)) stepTime(console, windowShare(console, shiftKey ? 1 / 6 : 1 / 60));
  },
  ArrowUp: (console) => stepLane(console, -1),
  ArrowDown: (console) => stepLane(console, 1),
  "[": (console) => jumpToEvent(console, -1),
  "]": (console) => jumpToEvent(console, 1),
  Home: (console) => setTime(console, console.desk.extent.peek().from),
  End: ({ desk }) => (desk.clock.value = goLive(desk.clock.peek(), desk.extent.peek())),
  l: ({ desk }) => (desk.clock.value = goLive(desk.clock.peek(), desk.extent.peek())),
  "<": ({ desk }) => (desk.clock.value = stepSpeed(desk.clock.peek(), -1)),
  ">": ({ desk }) => (desk.clock.value = stepSpeed(desk.clock.peek(), 1)),
  "-": (console) => zoomWindow(console, 2),
  "−": (console) => zoomWindow(console, 2),
  "+": (console) => zoomWindow(console, 0.5),
  "=": (console) => zoomWindow(console, 0.5),
  Enter: openSelection,
  Escape: (console) => stepOut(console),
  "/": ({ desk }) => (desk.sheet.value = "find"),
  m: ({ desk }) => (desk.projection.value = "map"),
  g: ({ desk }) => (desk.projection.value = "globe"),
  c: centre,
  a: ({ desk }) => (desk.drawing.value = !desk.drawing.peek()),
  e: () => document.querySelector<HTMLElement>(".events .list button, .events .filters button")?.focus(),
  t: ({ desk }) => (desk.look.theme.value = desk.look.isDark.peek() ? "light" : "dark"),
  s: (console) => toggleAround(console),
  r: ({ desk }) => (desk.sheet.value = "runs"),
  "?": ({ desk }) => (desk.sheet.value = "keys"),
};

const arrows: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** A frame in degrees, moved by arrows and sized by arrows with Shift; at first 20° round the middle of the map. */
export const moveFrame = (
  area: readonly LonLat[] | null,
  middle: LonLat,
  [dx, dy]: readonly [number, number],
  size: boolean,
): readonly LonLat[] => {
  const lons = area?.map(([lon]) => lon) ?? [middle[0] - 10, middle[0] + 10];
  const lats = area?.map(([, lat]) => lat) ?? [middle[1] - 10, middle[1] + 10];
  const step = area === null ? 0 : 2;
  let [west, east] = [Math.min(...lons), Math.max(...lons)];
  let [south, north] = [Math.min(...lats), Math.max(...lats)];
  if (!size) [west, south] = [west + dx * step, south + dy * step];
  [east, north] = [Math.max(west + 1, east + dx * step), Math.max(south + 1, north + dy * step)];
  const shiftLon = Math.max(0, -180 - west) - Math.max(0, east - 180);
  const shiftLat = Math.max(0, -90 - south) - Math.max(0, north - 90);
  [west, east, south, north] = [west + shiftLon, east + shiftLon, south + shiftLat, north + shiftLat];
  return [
    [west, south],
    [west, north],
    [east, north],
    [east, south],
  ];
};

/** While an area is drawn the arrows are its own. Gives whether the key was one of them. */
const drawWithKeys = ({ desk }: Console, event: KeyboardEvent): boolean => {
  if (!desk.drawing.peek()) return false;
  const arrow = arrows[event.key];
  if (arrow !== undefined)
    desk.area.value = moveFrame(desk.area.peek(), desk.turn.peek().centre, arrow, event.shiftKey);
  else if (event.key === "Enter" && desk.area.peek() !== null) desk.drawing.value = false;
  else if (event.key === "Escape")
    batch(() => {
      desk.area.value = null;
      desk.drawing.value = false;
    });
  else return false;
  return true;
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=range]), select, textarea");

/** Enter and Space on a button press the button. */
const isPressing = (event: KeyboardEvent): boolean =>
  (event.key === "Enter" || event.key === " ") &&
  event.target instanceof HTMLElement &&
  event.target.matches("button, a");

/** Listens for keys on the whole page. */
export const listenForKeys = (console: Console): void => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (console.desk.sheet.peek() !== null || isTyping(event.target) || isPressing(event)) return;
    if (drawWithKeys(console, event)) {
      event.preventDefault();
      return;
    }
    const policy = /^[1-9]$/.test(event.key)
      ? console.run.peek()?.head.policies[Number(event.key) - 1]
      : undefined;
    if (policy !== undefined) {
      console.desk.policy.value = policy.label;
      return;
    }
    const action = actions[event.key] ?? actions[event.key.toLowerCase()];
    if (action === undefined) return;
    event.preventDefault();
    action(console, event);
  });
};
