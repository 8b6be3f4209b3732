import { SwathError } from "../../pipeline/errors.ts";

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
