import { readdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { SwathError } from "../../pipeline/errors.ts";
import { classNameOf, printable } from "./drawn-label.ts";
import { readDocument } from "./label-document.ts";
import type { LabelContext } from "./formats/label-format.ts";

/** What a data.yaml of Ultralytics or Roboflow says. */
export interface DataYaml extends LabelContext {
  /** Folders of images, or lists of them, as absolute paths: each in every place that it may mean. */
  readonly imagePlaces: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Class numbers beyond this are no numbers of classes. */
const mostClasses = 100_000;

/** `names` as a list, or as a map from numbers. */
const namesOf = (names: unknown, file: string): readonly string[] => {
  if (Array.isArray(names)) return names.slice(0, mostClasses).map((name) => classNameOf(name) ?? "");
  if (!isObject(names)) return [];
  const list: string[] = [];
  for (const [key, name] of Object.entries(names)) {
    const number = Number(key);
    if (!Number.isInteger(number) || number < 0 || number > mostClasses) {
      const got = `"${printable(key)}"`;
      throw new SwathError("label", {
        what: `${file}: names`,
        wanted: "a list, or a map from class numbers",
        got,
      });
    }
    list[number] = classNameOf(name) ?? "";
  }
  return Array.from(list, (name) => name ?? "");
};

const textsOf = (value: unknown): readonly string[] =>
  [value].flat().flatMap((one) => (typeof one === "string" && one !== "" ? [one] : []));

const stripUp = (path: string): string => path.replace(/^(?:\.\.?[\\/])+/, "");

/**
 * Parses the text of a data.yaml that lies at `file`. A relative `path` starts at the file's folder, as Ultralytics tries first; Roboflow
 * writes `../train/images` for a folder that lies beside the file, so both places are given.
 * Throws `SwathError("label")` for what is no YAML or has names of another kind.
 */
export const parseDataYaml = (text: string, file: string): DataYaml => {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SwathError("label", {
      what: `${file} cannot be read`,
      wanted: "YAML",
      got: printable(error.message),
    });
  }
  let yaml: unknown;
  try {
    yaml = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new SwathError("label", {
      what: `${file} cannot be read`,
      wanted: "YAML",
      got: "too many aliases",
      cause,
    });
  }
  const data = isObject(yaml) ? yaml : {};
  const folder = dirname(file);
  const [told] = textsOf(data["path"]);
  const roots = told === undefined ? [folder] : [resolve(folder, told), folder];
  const places = ["train", "val", "valid", "test"].flatMap((key) => textsOf(data[key]));
  const [count, size] = Array.isArray(data["kpt_shape"]) ? data["kpt_shape"] : [];
  const isShape = Number.isInteger(count) && count > 0 && count < 1000 && (size === 2 || size === 3);
  return {
    classNames: namesOf(data["names"], file),
    keyPoints: isShape ? [count, size] : null,
    imagePlaces: [
      ...new Set(
        places.flatMap((place) =>
          isAbsolute(place)
            ? [place]
            : roots.flatMap((root) => [resolve(root, place), resolve(root, stripUp(place))]),
        ),
      ),
    ],
  };
};

/** Names one a line, as Darknet (`obj.names`) and labelImg (`classes.txt`) have them. */
const parseNameList = (text: string): readonly string[] =>
  text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r\n|\n|\r/)
    .slice(0, mostClasses)
    .map((line) => classNameOf(line) ?? "");

const isDataYaml = (name: string): boolean => /^(?:data|dataset)\.ya?ml$/i.test(name);
const isNameList = (name: string): boolean =>
  /^(?:classes\.txt|obj\.names|classes\.names|_darknet\.labels)$/i.test(name);

/** The file that names the classes of the labels in `folder`: there or above, not above `root`; `null` where there is none. */
export const findClassFile = async (folder: string, root: string): Promise<string | null> => {
  for (let at = folder; ; at = dirname(at)) {
    const names = await readdir(at).catch((): string[] => []);
    const found = names.find(isDataYaml) ?? names.find(isNameList);
    if (found !== undefined) return join(at, found);
    if (at === root || at === dirname(at) || !at.startsWith(root)) return null;
  }
};

/** Reads a data.yaml or a list of names. Throws `SwathError("label")` when it cannot be read. */
export const readClassFile = async (path: string): Promise<DataYaml> => {
  const { text } = await readDocument(path);
  return /\.ya?ml$/i.test(basename(path))
    ? parseDataYaml(text, path)
    : { classNames: parseNameList(text), keyPoints: null, imagePlaces: [] };
};
