import fc from "fast-check";
import { fieldsOf, orderKindNames, type Order } from "../../../pipeline/orders/order.ts";
import { instant } from "../../../pipeline/units.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const ms = (low: number, high: number) => fc.integer({ min: low, max: high });

/** A value of every field, by its name in the kinds: what is new there needs a line here. */
const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bbox: fc
    .tuple(ms(-180, 178), ms(-90, 88), ms(1, 99_999), ms(1, 99_999))
    .map(([x, y, w, h]) => `${x},${y},${x + w / 1e5},${y + h / 1e5}`),
  maxOffNadir: ms(0, 8000).map((n) => `${n / 100}`),
  on: fc.constantFrom("ship", "tank.v2"),
  minScore: ms(0, 10_000).map((n) => `${n / 10_000}`),
  by: fc.constantFrom("any", "other"),
  within: ms(1, 1e6).map((n) => `${n}s`),
  tiles: ms(1, 65_535).map(String),
  model: fc.constantFrom("ships-s2", "ships-s2-v4:int8"),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  uploadSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  snapshot: fc.stringMatching(/^[0-9a-f]{64}$/),
  size: ms(1, 2e9).map((n) => `${n}B`),
  sequence: ms(1, 2e9).map(String),
  trial: ms(0, 10_000).map(String),
  promote: fc.constantFrom("", "f1 >= old - 0.02"),
  rollback: fc.constantFrom("auto", "never"),
  watch: ms(0, 10_000).map(String),
  keep: fc.constantFrom("", "agreement > old.score - 0.5"),
  install: name,
  offset: ms(0, 2e9).map(String),
  data: fc.uint8Array({ minLength: 1, maxLength: 100 }).map((data) => Buffer.from(data).toString("base64")),
  upload: ms(1, 2e9).map((n) => `${n}B`),
  name: fc.constantFrom("score", "policy"),
  value: fc.constantFrom("0.6", "margin=16"),
};

/** Any order that can be written: its fields as `read` makes them of text. */
export const anyOrder: fc.Arbitrary<Order> = fc.constantFrom(...orderKindNames).chain((kind) => {
  const fields = Object.entries(fieldsOf(kind) ?? {});
  const body = Object.fromEntries(
    fields.map(([key, field]) => {
      const text = values[key] ?? fc.constant("");
      const read = text.map((one) => field.read(one, key));
      return [key, "absent" in field ? fc.oneof(read, fc.constant(field.absent)) : read];
    }),
  );
  return fc
    .record({
      id: name,
      tenant: name,
      to: fc.option(name),
      issuedAt: ms(0, 2e9).map((n) => instant(n + 0.125)),
      life: ms(1, 1e6),
      priority: ms(1, 9),
      signature: fc.option(fc.uint8Array({ minLength: 64, maxLength: 64 })),
      body: fc.record(body),
    })
    .map(
      ({ life, signature, ...order }) =>
        ({
          ...order,
          kind,
          deadline: instant(order.issuedAt + life),
          signature: signature === null ? null : `mission:${Buffer.from(signature).toString("base64url")}`,
        }) as Order,
    );
});
