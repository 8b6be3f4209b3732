import { useEffect, useRef } from "preact/hooks";
import { effect } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** A canvas as it is drawn on: its context is scaled so that one unit is one CSS pixel. */
export interface Surface {
  readonly ctx: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/** Where a pointer is on the canvas, and what goes with it. */
export interface PointerSpot {
  readonly x: number;
  readonly y: number;
  readonly event: PointerEvent;
}

interface SheetProps {
  readonly className: string;
  /** Draws all of it. Whatever signals it reads, it is called again in the next frame after one of them has changed. */
  readonly draw: (surface: Surface) => void;
  readonly label?: string;
  readonly onDown?: (spot: PointerSpot) => void;
  readonly onMove?: (spot: PointerSpot) => void;
  readonly onUp?: (spot: PointerSpot) => void;
  /** What a press had begun is left at that: a second finger came. */
  readonly onCancel?: () => void;
  readonly onLeave?: () => void;
  readonly onWheel?: (
    event: Pick<WheelEvent, "deltaX" | "deltaY" | "shiftKey">,
    x: number,
    y: number,
  ) => void;
  readonly children?: ComponentChildren;
}

const spotOf = (event: PointerEvent): PointerSpot => {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top, event };
};

/** A wheel turned by so much doubles what is seen, as both map and lanes have it. */
const perDoubling = Math.log(2) / 0.0015;

/** Two fingers: how far apart, and what lies between them. */
const pinchOf = (spots: readonly PointerSpot[]) => {
  const [a, b] = spots;
  return a === undefined || b === undefined || spots.length !== 2
    ? null
    : { apart: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
};

/**
 * A canvas that fills its parent at the resolution of the screen, and is drawn at most once a frame. Drawing is a function of signals; there is no
 * loop where nothing changes.
 */
export const Sheet = ({
  className,
  draw,
  label,
  onDown,
  onMove,
  onUp,
  onCancel,
  onLeave,
  onWheel,
}: SheetProps) => {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  const wheel = useRef(onWheel);
  wheel.current = onWheel;
  const redraw = useRef<() => void>(() => undefined);
  const fingers = useRef(new Map<number, PointerSpot>());
  const pinched = useRef(false);
  /** Two fingers zoom as a wheel does; true where that was what they did. */
  const pinch = (spot: PointerSpot): boolean => {
    const { current: held } = fingers;
    const before = pinchOf([...held.values()]);
    if (held.has(spot.event.pointerId)) held.set(spot.event.pointerId, spot);
    const now = pinchOf([...held.values()]);
    if (before === null || now === null || wheel.current === undefined) return pinched.current;
    pinched.current = true;
    const deltaY = -Math.log2(Math.max(1, now.apart) / Math.max(1, before.apart)) * perDoubling;
    wheel.current({ deltaX: 0, deltaY, shiftKey: false }, now.x, now.y);
    return true;
  };
  const lift = (spot: PointerSpot): void => {
    fingers.current.delete(spot.event.pointerId);
    // The finger that stays down longer does not go on as a press.
    if (!pinched.current) onUp?.(spot);
    if (fingers.current.size === 0) pinched.current = false;
  };

  useEffect(() => {
    const canvas = ref.current;
    const parent = canvas?.parentElement;
    if (canvas === null || parent === null || parent === undefined) return undefined;
    const ctx = canvas.getContext("2d");
    if (ctx === null) return undefined;
    let frame = 0;
    let dispose: () => void = () => undefined;
    const paint = (): void => {
      frame = 0;
      dispose();
      let first = true;
      // The effect notes which signals the drawing reads; it draws once, and on a change asks for the next frame.
      dispose = effect(() => {
        if (!first) {
          schedule();
          return;
        }
        const [width, height] = [parent.clientWidth, parent.clientHeight];
        const ratio = Math.min(3, window.devicePixelRatio || 1);
        const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
        if (canvas.width !== wide || canvas.height !== high) {
          canvas.width = wide;
          canvas.height = high;
          canvas.style.width = `${width}px`;
          canvas.style.height = `${height}px`;
        }
        ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
        ctx.clearRect(0, 0, width, height);
        if (width > 0 && height > 0) latest.current({ ctx, width, height });
        first = false;
      });
    };
    const schedule = (): void => {
      if (frame === 0) frame = requestAnimationFrame(paint);
    };
    redraw.current = schedule;
    const observer = new ResizeObserver(schedule);
    observer.observe(parent);
    const onWheelHere = (event: WheelEvent): void => {
      if (wheel.current === undefined) return;
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      wheel.current(event, event.clientX - box.left, event.clientY - box.top);
    };
    canvas.addEventListener("wheel", onWheelHere, { passive: false });
    paint();
    return () => {
      observer.disconnect();
      canvas.removeEventListener("wheel", onWheelHere);
      cancelAnimationFrame(frame);
      dispose();
    };
  }, []);
  // A new drawing function may draw something else: what it closes over has changed.
  useEffect(() => redraw.current());

  return (
    <canvas
      ref={ref}
      class={className}
      {...(label === undefined
        ? { "aria-hidden": "true" as const }
        : { role: "img" as const, "aria-label": label })}
      onPointerDown={
        onDown &&
        ((event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const spot = spotOf(event);
          fingers.current.set(event.pointerId, spot);
          if (fingers.current.size === 1) onDown(spot);
          else onCancel?.();
        })
      }
      onPointerMove={
        onMove &&
        ((event) => {
          const spot = spotOf(event);
          if (!pinch(spot)) onMove(spot);
        })
      }
      onPointerUp={onUp && ((event) => lift(spotOf(event)))}
      onPointerCancel={onUp && ((event) => lift(spotOf(event)))}
      onPointerLeave={onLeave && (() => onLeave())}
    />
  );
};
