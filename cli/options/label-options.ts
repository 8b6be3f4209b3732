import { SwathError } from "../../pipeline/errors.ts";
import type { Margin } from "../../studies/answer.ts";

/** `Airplane=airplane,vessel=ship`: label class → model class. Throws `SwathError("config")`. */
export const parseLabelMap = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(",").map((pair): [string, string] => {
      const [label = "", name = "", ...rest] = pair.split("=").map((part) => part.trim());
      if (label !== "" && name !== "" && rest.length === 0) return [label, name];
      throw new SwathError("config", {
        what: "--map",
        wanted: "LABEL=CLASS, comma-separated",
        got: `"${pair}"`,
      });
    }),
  );

/** `20`, `20px` or `200m`. Throws `SwathError("config")`. */
export const parseMargin = (text: string): Margin => {
  const [, amount, unit = "px"] = /^(\d+(?:\.\d+)?) *(px|m)?$/.exec(text.trim()) ?? [];
  if (amount !== undefined) return { amount: Number(amount), unit: unit as Margin["unit"] };
  throw new SwathError("config", { what: "--ignore-margin", wanted: "20px or 200m", got: `"${text}"` });
};
