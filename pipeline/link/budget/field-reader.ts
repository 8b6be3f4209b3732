import { SwathError } from "../../errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields of one mapping and knows in the end which were not asked for. Errors name the field and what it may hold. */
export class FieldReader {
  readonly #source: string;
  readonly #path: string;
  readonly #fields: Fields;
  readonly #known = new Set<string>();

  /** @throws SwathError("config") for anything but a mapping */
  constructor(value: unknown, source: string, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const what = path === "" ? source : `${source}: ${path}`;
      throw new SwathError("config", { what, wanted: "a mapping", got: JSON.stringify(value) ?? "nothing" });
    }
    this.#source = source;
    this.#path = path;
    this.#fields = value as Fields;
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#fields[name] ?? undefined;
  }

  #refuse(name: string, wanted: string, got: unknown): never {
    const field = this.#path === "" ? name : `${this.#path}.${name}`;
    throw new SwathError("config", {
      what: `${this.#source}: ${field}`,
      wanted,
      got: got === undefined ? "nothing" : JSON.stringify(got),
    });
  }

  optionalNumber(name: string, low: number, high: number): number | null {
    const value = this.#take(name);
    if (value === undefined) return null;
    return typeof value === "number" && value >= low && value <= high
      ? value
      : this.#refuse(name, `a number from ${low} to ${high}`, value);
  }

  /** Must stand where there is no `fallback`. */
  number(name: string, low: number, high: number, fallback?: number): number {
    const value = this.optionalNumber(name, low, high) ?? fallback;
    return value ?? this.#refuse(name, `a number from ${low} to ${high}`, undefined);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#take(name) ?? fallback;
    return typeof value === "boolean" ? value : this.#refuse(name, "true or false", value);
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.#take(name) ?? fallback;
    return (
      choices.find((choice) => choice === value) ?? this.#refuse(name, `one of ${choices.join(", ")}`, value)
    );
  }

  /** Some of the choices, in their order; all where nothing is said. */
  someOf<Choice extends string>(name: string, choices: readonly Choice[]): readonly Choice[] {
    const value = this.#take(name) ?? choices;
    const isFit =
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((one) => (choices as readonly unknown[]).includes(one));
    if (!isFit) return this.#refuse(name, `a list of ${choices.join(", ")}`, value);
    return choices.filter((choice) => (value as readonly unknown[]).includes(choice));
  }

  /** The mapping below a field; `null` where there is none. */
  mapping(name: string): FieldReader | null {
    const value = this.#take(name);
    const path = this.#path === "" ? name : `${this.#path}.${name}`;
    return value === undefined ? null : new FieldReader(value, this.#source, path);
  }

  /** @throws SwathError("config") when one of `others` stands beside a field that says it all */
  mayNotStand(name: string, others: readonly string[]): void {
    const other = others.find((one) => this.#fields[one] !== undefined);
    if (other !== undefined) this.#refuse(other, `nothing beside ${name}`, this.#fields[other]);
  }

  /** @throws SwathError("config") for a field that nobody asked for */
  finish(): void {
    const unknown = Object.keys(this.#fields).find((name) => !this.#known.has(name));
    if (unknown === undefined) return;
    const where = this.#path === "" ? this.#source : `${this.#source}: ${this.#path}`;
    throw new SwathError("config", {
      what: `${where}: unknown field "${unknown}"`,
      wanted: `one of ${[...this.#known].join(", ")}`,
    });
  }
}
