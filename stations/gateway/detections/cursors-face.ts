import type { Context } from "hono";
import { messageOf, SwathError } from "../../../pipeline/errors.ts";
import { type NamedCursor, requireName } from "../../../stations/subscribers/cursor-store.ts";
import type { DetectionFeed } from "../../../stations/subscribers/feed.ts";
import { formatPosition, parsePosition, parseStart } from "../../../stations/subscribers/position.ts";
import { answerJson } from "../answer.ts";
import type { Face, GatewayEnv } from "../face.ts";
import { HttpProblem } from "../problem.ts";
import { cursorOperations } from "./detection-operations.ts";

const bodyOf = async (c: Context<GatewayEnv>): Promise<Readonly<Record<string, unknown>>> => {
  const text = await c.req.text();
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
    throw new TypeError("not an object");
  } catch (cause) {
    throw new SwathError("config", {
      what: "the body",
      wanted: "a JSON object",
      got: messageOf(cause),
      cause,
    });
  }
};

const textIn = (body: Readonly<Record<string, unknown>>, name: string): string | null => {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new SwathError("config", {
    what: name,
    wanted: "text",
    got: JSON.stringify(value).slice(0, 60),
    field: name,
  });
};

/** `/api/cursors`: how far clients have come, kept for them. `PUT` makes one, `POST …/ack` moves it, never back. */
export const cursorsFace = (feed: DetectionFeed): Face => {
  const { journal, cursors } = feed;
  const shown = ({ name, journal: id, after, run }: NamedCursor) => ({
    name,
    run,
    cursor: formatPosition({ id }, after),
    behind: id === journal.id ? journal.head - after : null,
  });
  const find = (name: string): NamedCursor => {
    const cursor = cursors.get(name);
    if (cursor === null) throw new HttpProblem(404, { what: `no cursor "${name.slice(0, 80)}"` });
    return cursor;
  };
  return {
    path: "/api/cursors",
    title: "named cursors",
    operations: cursorOperations,
    routes(router) {
      router.get("/", (c) => answerJson(c, { cursors: cursors.all().map(shown) }));
      router.get("/:name", (c) => answerJson(c, shown(find(c.req.param("name")))));
      router.put("/:name", async (c) => {
        const name = requireName(c.req.param("name"), "cursor");
        const body = await bodyOf(c);
        const kept = cursors.get(name);
        const run = textIn(body, "run");
        if (kept !== null) {
          if (kept.run === run) return answerJson(c, shown(kept));
          throw new HttpProblem(409, {
            what: `cursor ${name} is of another run`,
            wanted: kept.run ?? "all runs",
            got: run ?? "all runs",
            hint: "use another name for another run",
            field: "cursor",
          });
        }
        const start = parseStart(journal, textIn(body, "from") ?? "now");
        if (start.sinceMs !== null)
          throw new SwathError("config", {
            what: "from",
            wanted: "start, now or a cursor",
            got: "a time",
            hint: "filter with since",
            field: "from",
          });
        const made = {
          schema: "swath-cursor/1" as const,
          name,
          journal: journal.id,
          after: start.after,
          run,
        };
        cursors.put(made);
        return c.json(shown(made), 201);
      });
      router.post("/:name/ack", async (c) => {
        const cursor = find(c.req.param("name"));
        const said = textIn(await bodyOf(c), "cursor");
        if (said === null)
          throw new SwathError("config", {
            what: "the body",
            wanted: '{"cursor": …}',
            got: "none",
            field: "cursor",
          });
        const after = parsePosition(journal, said);
        const moved = { ...cursor, journal: journal.id, after: Math.max(after, cursor.after) };
        if (moved.after !== cursor.after) cursors.put(moved);
        return c.json(shown(moved));
      });
      router.delete("/:name", (c) => {
        cursors.remove(find(c.req.param("name")).name);
        return c.body(null, 204);
      });
    },
  };
};
