/**
 * Short marks by which messages and causes of failure are told apart without
 * saying what is in them. Pure.
 *
 * @module
 */

/** A text as eight hexadecimal digits (FNV-1a): enough to tell the few things apart that are compared, no more. */
export function fingerprintText(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

/** A value as a text of limited length. */
export interface BoundedText {
  text: string;
  /** Nothing was left out. */
  isWhole: boolean;
}

/**
 * Writes a value as a text of at most `maxChars` characters, the same for equal
 * values. It stops there, so even a huge message costs little; sizes are
 * written before contents, so that messages of unequal size differ early.
 */
export function toBoundedText(value: unknown, maxChars: number): BoundedText {
  const writer = new BoundedWriter(maxChars);
  writer.write(value);
  return { text: writer.text, isWhole: !writer.isFull };
}

class BoundedWriter {
  readonly #maxChars: number;
  /** Objects that contain the one in hand, so that a cycle ends. */
  readonly #path = new Set<object>();
  text = "";
  isFull = false;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  write(value: unknown): void {
    if (this.isFull) return;
    if (typeof value === "object" && value !== null) this.#writeObject(value);
    else if (typeof value === "string") this.#add(`"${value.length}:${value}"`);
    else if (typeof value === "function") this.#add("function");
    else this.#add(`${typeof value === "bigint" ? "n" : ""}${String(value)}`);
    this.#add(",");
  }

  #writeObject(value: object): void {
    if (this.#path.has(value)) return this.#add("cycle");
    this.#path.add(value);
    if (value instanceof Date) this.#add(`Date ${value.getTime()}`);
    else if (value instanceof Error) {
      this.#add(`${value.name} ${value.message}`);
    } else if (value instanceof ArrayBuffer) this.#writeBytes(value);
    else if (ArrayBuffer.isView(value)) this.#writeBytes(value.buffer, value);
    else if (value instanceof Map) this.#writeAll("Map", value.size, value);
    else if (value instanceof Set) this.#writeAll("Set", value.size, value);
    else if (Array.isArray(value)) this.#writeAll("", value.length, value);
    else this.#writeFields(value as Record<string, unknown>);
    this.#path.delete(value);
  }

  #writeBytes(
    buffer: ArrayBufferLike,
    { byteOffset, byteLength }: { byteOffset: number; byteLength: number } = {
      byteOffset: 0,
      byteLength: buffer.byteLength,
    },
  ): void {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#writeAll("bytes", byteLength, bytes);
  }

  #writeAll(kind: string, size: number, values: Iterable<unknown>): void {
    this.#add(`${kind}(${size})`);
    for (const value of values) {
      if (this.isFull) return;
      this.write(value);
    }
  }

  #writeFields(fields: Record<string, unknown>): void {
    this.#add("{");
    for (const key in fields) {
      if (this.isFull) return;
      this.#add(`${key}:`);
      this.write(fields[key]);
    }
    this.#add("}");
  }

  #add(text: string): void {
    if (this.isFull) return;
    const room = this.#maxChars - this.text.length;
    this.isFull = text.length > room;
    this.text += this.isFull ? text.slice(0, room) : text;
  }
}
