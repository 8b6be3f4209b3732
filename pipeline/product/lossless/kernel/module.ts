import { type Local, localAt, sequence, type Statement, unsignedLeb, type ValueType } from "./instruction.ts";

/** Declares the variables of one routine. */
export type Declare = <T extends ValueType>(type: T) => Local<T>;

/** A function of a module: takes 32-bit integers, answers one. */
export interface Routine {
  readonly name: string;
  readonly parameters: number;
  readonly locals: readonly ValueType[];
  readonly body: Statement;
}

const typeBytes: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, v128: 0x7b };

/** A routine with parameters by name; `write` gives its statements, the last of which answers. */
export const routine = <P extends string>(
  name: string,
  parameters: readonly P[],
  write: (given: Readonly<Record<P, Local<"i32">>>, declare: Declare) => readonly Statement[],
): Routine => {
  const locals: ValueType[] = [];
  const given = Object.fromEntries(parameters.map((parameter, at) => [parameter, localAt("i32", at)]));
  const declare: Declare = (type) => localAt(type, parameters.length + locals.push(type) - 1);
  const body = sequence(...write(given as Readonly<Record<P, Local<"i32">>>, declare));
  return { name, parameters: parameters.length, locals, body };
};

const counted = (items: readonly (readonly number[])[]): readonly number[] => [
  ...unsignedLeb(items.length),
  ...items.flat(),
];
const sized = (bytes: readonly number[]): readonly number[] => [...unsignedLeb(bytes.length), ...bytes];
const section = (id: number, items: readonly (readonly number[])[]): readonly number[] => [
  id,
  ...sized(counted(items)),
];
const name = (text: string): readonly number[] => sized([...new TextEncoder().encode(text)]);

/**
 * The binary of a module that works on the memory it is given as `env.memory` and exports its routines by name
 * (WebAssembly Core Specification 2.0, chapter 5.5).
 */
export const moduleBytes = (routines: readonly Routine[]): Uint8Array<ArrayBuffer> => {
  const types = routines.map(({ parameters }) => [
    0x60,
    ...counted(Array.from({ length: parameters }, () => [typeBytes.i32])),
    ...counted([[typeBytes.i32]]),
  ]);
  const memory = [...name("env"), ...name("memory"), 0x02, 0x00, 0x01];
  const exported = routines.map((one, index) => [...name(one.name), 0x00, ...unsignedLeb(index)]);
  const bodies = routines.map(({ locals, body }) =>
    sized([...counted(locals.map((type) => [1, typeBytes[type]])), ...body.bytes, 0x0b]),
  );
  const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return Uint8Array.from([
    ...magicAndVersion,
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      routines.map((_, index) => unsignedLeb(index)),
    ),
    ...section(7, exported),
    ...section(10, bodies),
  ]);
};
