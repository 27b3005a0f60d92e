/**
 * Values as one line of text that gives back the same bits: JSON, with typed
 * arrays as base64 and the numbers that JSON does not have by name.
 *
 * @module
 */

/** Key of an object that stands for a value which JSON does not have. */
const MARK = "$";

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

const ARRAYS = {
  Float64Array,
  Float32Array,
  Uint32Array,
  Int32Array,
  Uint16Array,
  Int16Array,
  Uint8Array,
  Int8Array,
} as const;
type ArrayName = keyof typeof ARRAYS;

/**
 * Writes a value of plain objects, arrays, texts, numbers and typed arrays.
 *
 * @throws {TypeError} On anything else, such as a function, a Map or a Date.
 */
export function toValueText(value: unknown): string {
  return JSON.stringify(pack(value));
}

/**
 * Reads what {@link toValueText} wrote.
 *
 * @throws {SyntaxError} If the text is damaged.
 */
export function fromValueText(text: string): unknown {
  return unpack(JSON.parse(text));
}

function pack(value: unknown): unknown {
  if (typeof value === "number") {
    const isPlain = Number.isFinite(value) && !Object.is(value, -0);
    return isPlain
      ? value
      : { [MARK]: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value === null || value === undefined) return value;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(pack);
  if (ArrayBuffer.isView(value)) return packArray(value);
  if (hasOwnForm(value)) return pack(value.toJSON());
  if (typeof value === "object" && isPlainObject(value)) {
    const packed: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(value)) {
      if (field !== undefined) packed[key] = pack(field);
    }
    return packed;
  }
  throw new TypeError(`Cannot write ${Object.prototype.toString.call(value)}`);
}

function hasOwnForm(value: unknown): value is { toJSON(): unknown } {
  return typeof value === "object" && value !== null && "toJSON" in value &&
    typeof value.toJSON === "function";
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) &&
    !Object.hasOwn(value, MARK);
}

function packArray(view: ArrayBufferView): unknown {
  const name = view.constructor.name;
  if (!Object.hasOwn(ARRAYS, name)) throw new TypeError(`Cannot write ${name}`);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return { [MARK]: name, bytes: bytes.toBase64() };
}

function unpack(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpack);
  if (Object.hasOwn(value, MARK)) {
    return unpackMarked(value as { $: string; bytes?: string });
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, unpack(field)]),
  );
}

function unpackMarked(value: { $: string; bytes?: string }): unknown {
  const number = NUMBERS.get(value.$);
  if (number !== undefined) return number;
  if (!Object.hasOwn(ARRAYS, value.$) || typeof value.bytes !== "string") {
    throw new SyntaxError(`Unknown value ${JSON.stringify(value.$)}`);
  }
  const bytes = Uint8Array.fromBase64(value.bytes);
  return new ARRAYS[value.$ as ArrayName](bytes.buffer);
}
