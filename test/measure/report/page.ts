/** What every page promises, looked at in its text. */

/** The first tag that closes what is not open, or what stays open at the end; void ones aside. */
export const unbalanced = (text: string): readonly string[] => {
  const open: string[] = [];
  const body = text.replace(/<style>[\s\S]*?<\/style>/, "");
  for (const [, slash, name = "", end] of body.matchAll(/<(\/?)([a-zA-Z0-9]+)(?:"[^"]*"|[^>"])*?(\/?)>/g)) {
    if (name === "meta" || name === "input" || name === "br" || end) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
};

/** Titles of the sections, in their order. */
export const sectionTitles = (text: string): readonly string[] =>
  [...text.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, title = ""]) => title);

/** Tables that a page hands out, by the names of their files, as rows of cells. */
export const csvOf = (text: string): ReadonlyMap<string, readonly (readonly string[])[]> =>
  new Map(
    [...text.matchAll(/<a download="([^"]+)" href="data:text\/csv;charset=utf-8,([^"]*)"/g)].map(
      ([, file = "", body = ""]) => {
        const table = decodeURIComponent(body.replaceAll("&#39;", "'").replaceAll("&amp;", "&"));
        const rows = table.split("\r\n").filter((row) => row !== "");
        return [
          file,
          rows.map((row) =>
            [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, a, b]) => a ?? b ?? ""),
          ),
        ];
      },
    ),
  );

/** What a page would load or run, and addresses on a network. */
export const reachesOut = (text: string): readonly string[] => [
  ...(text.match(/<script|<link|@import|url\((?!#)[^)]*\)|javascript:|\son\w+=/gi) ?? []),
  ...(text.match(/https?:\/\/[^"\s<]+/g) ?? []),
];

/** Folders of a machine. */
export const absolutePaths = (text: string): readonly string[] =>
  text
    .replaceAll(/data:image[^"]*/g, "")
    .match(/(?<![\w:.<…])\/(?:home|tmp|root|work|data|Users|var|mnt)\/[^\s"<]*/g) ?? [];

/** One first heading, as readers of screens expect. */
export const hasOneHeading = (text: string): boolean => (text.match(/<h1[ >]/g) ?? []).length === 1;
