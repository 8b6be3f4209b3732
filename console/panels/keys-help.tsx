import { Overlay } from "./overlay.tsx";

const keys: readonly (readonly [keys: string, what: string])[] = [
  ["Space", "play, pause"],
  [", .", "one second back, on"],
  ["← →", "a sixtieth of the window back, on; through detections"],
  ["Shift ← →", "a sixth of the window"],
  ["[ ]", "previous, next event"],
  ["Home End", "start, end or head"],
  ["L", "live"],
  ["< >", "slower, faster"],
  ["− +", "wider, narrower window"],
  ["1 … 9", "policy"],
  ["↑ ↓", "satellite or station in the lanes"],
  ["Enter", "open: the best detection of the scene"],
  ["S", "the scene around a detection, from the dataset"],
  ["Esc", "one step up the chain"],
  ["/", "find"],
  ["M G", "map, globe"],
  ["C", "centre on the selection"],
  ["A", "draw an area"],
  ["E", "to the events"],
  ["T", "light, dark"],
  ["R", "runs"],
  ["?", "these keys"],
];

/** All keys. */
export const KeysHelp = () => (
  <Overlay title="Keys">
    <dl class="keys">
      {keys.map(([key, what]) => (
        <>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </>
      ))}
    </dl>
  </Overlay>
);
