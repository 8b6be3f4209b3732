import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { readPalette, type Palette } from "../look/palette.ts";

/** `system`: what the system is set to. */
export type Theme = "system" | "light" | "dark";

/** The theme that was chosen, and the colours that follow from it. */
export interface Look {
  readonly theme: Signal<Theme>;
  readonly palette: ReadonlySignal<Palette>;
  readonly isDark: ReadonlySignal<boolean>;
}

const storageKey = "swath-theme";

const remembered = (): Theme => {
  const said = localStorage.getItem(storageKey);
  return said === "light" || said === "dark" ? said : "system";
};

/** Follows the system until a theme is chosen; the choice is kept in this browser. */
export const newLook = (): Look => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = signal<Theme>(remembered());
  const palette = signal(readPalette(root));
  const isDark = signal(system.matches);
  const read = (): void => {
    isDark.value = theme.peek() === "system" ? system.matches : theme.peek() === "dark";
    // Resolved here, so that the style has each colour once.
    root.setAttribute("data-theme", isDark.value ? "dark" : "light");
    palette.value = readPalette(root);
  };
  effect(() => {
    if (theme.value === "system") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, theme.value);
    read();
  });
  system.addEventListener("change", read);
  return { theme, palette, isDark };
};
