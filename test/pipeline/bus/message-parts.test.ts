import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutMessage, MessageParts, partId, type BusMessage } from "../../../pipeline/bus/message-parts.ts";
import { longestMessage } from "../../../pipeline/message.ts";
import "../../property-seed.ts";

const message = (subject: string, msgId: string, data: Uint8Array, seq = 1): BusMessage => ({
  subject,
  data,
  seq,
  msgId,
  signature: "",
});

describe("a message in parts", () => {
  it("law: comes whole, whatever the server takes, whoever else speaks in between, and in whatever order parts come again", () => {
    const payload = fc.uint8Array({ minLength: 1, maxLength: 60_000 });
    fc.assert(
      fc.property(
        payload,
        payload,
        fc.integer({ min: 8192, max: 30_000 }),
        fc.boolean(),
        (a, b, most, isMixed) => {
          const parts = new MessageParts();
          const sent = [a, b].flatMap((data, who) => {
            const cut = cutMessage(data, most);
            expect(cut.every(({ length }) => length > 0 && length < most)).toBe(true);
            return cut.map((part, i) => ({
              key: isMixed ? i : who,
              from: message(`s.${who}`, partId("id", i), part),
              header: `${i + 1}/${cut.length}`,
              isAlone: cut.length === 1,
            }));
          });
          const whole = new Map<string, Uint8Array>();
          for (const { from, header, isAlone } of sent.toSorted((x, y) => x.key - y.key)) {
            const got = isAlone ? from : parts.accept(from, header);
            if (got !== null) whole.set(got.subject, got.data);
          }
          expect(Buffer.from(whole.get("s.0") ?? []).equals(a)).toBe(true);
          expect(Buffer.from(whole.get("s.1") ?? []).equals(b)).toBe(true);
        },
      ),
    );
  });

  it("has the id of the message, not of the part", () => {
    const parts = new MessageParts();
    expect(parts.accept(message("s", "x.part1", Buffer.from("a")), "1/2")).toBeNull();
    expect(parts.accept(message("s", "x.part2", Buffer.from("b"), 9), "2/2")).toMatchObject({
      msgId: "x",
      seq: 9,
    });
  });

  it("that is none is dropped, and what never ends takes bounded room", () => {
    const parts = new MessageParts();
    for (const header of ["", "0/2", "3/2", "1/1", "-1/2", "1/999999", "a/b", "1/2 "])
      expect(parts.accept(message("s", "x", Buffer.from("a")), header)).toBeNull();
    const large = Buffer.alloc(longestMessage / 2 + 1);
    expect(parts.accept(message("s", "y.part1", large), "1/2")).toBeNull();
    expect(parts.accept(message("s", "y.part2", large), "2/2")).toBeNull();
    for (let i = 0; i < 1000; i++) parts.accept(message("s", `z${i}.part1`, Buffer.from("a")), "1/99999");
    // The first of them was let go of long ago.
    expect(parts.accept(message("s", "z0.part2", Buffer.from("b")), "2/2")).toBeNull();
  });
});
