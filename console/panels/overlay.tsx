import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useConsole } from "../page/console-context.ts";

/** Something over the page: takes the focus, keeps it inside, gives it back; Esc or a press beside it closes it. */
export const Overlay = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) => {
  const { desk } = useConsole();
  const box = useRef<HTMLDivElement>(null);
  const close = (): void => {
    desk.sheet.value = null;
  };
  // Before the first paint: whoever presses / and types on at once must not lose a letter.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const first = box.current?.querySelector<HTMLElement>("input, [data-first]") ?? box.current;
    first?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key !== "Tab" || box.current === null) return;
    const all = [
      ...box.current.querySelectorAll<HTMLElement>("a[href], button, input, select, [tabindex='0']"),
    ];
    const [first, last] = [all[0], all.at(-1)];
    const inside = document.activeElement;
    if (event.shiftKey ? inside === first || inside === box.current : inside === last) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  };
  return (
    <div class="sheetlist" onClick={(event) => event.target === event.currentTarget && close()}>
      <div ref={box} role="dialog" aria-modal="true" aria-label={title} tabIndex={-1} onKeyDown={onKey}>
        <div class="top">
          <h2>{title}</h2>
          <button type="button" class="button" onClick={close}>
            Close
          </button>
        </div>
        {children}
      </div>
    </div>
  );
};
