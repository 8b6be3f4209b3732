import { SwathError } from "../../pipeline/errors.ts";
import type { Margin } from "../../studies/answer.ts";

/** `20`, `20px` or `200m`. Throws `SwathError("config")`. */
export const parseMargin = (text: string): Margin => {
  const [, amount, unit = "px"] = /^(\d+(?:\.\d+)?) *(px|m)?$/.exec(text.trim()) ?? [];
  if (amount !== undefined) return { amount: Number(amount), unit: unit as Margin["unit"] };
  throw new SwathError("config", { what: "--ignore-margin", wanted: "20px or 200m", got: `"${text}"` });
};
