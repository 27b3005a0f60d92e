/**
 * The little of protobuf that KV Connect needs: varints and length-delimited
 * fields. Numbers stay below 2^53, which is plenty for milliseconds and counts.
 *
 * @module
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** One field as it lies in a message: a number, or bytes. */
export interface Field {
  number: number;
  value: number | Uint8Array;
}

/** Reads the fields of a message, in order; what they mean is the caller's part. */
export function readFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError("A varint is cut off");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > message.length) {
      throw new RangeError("A field is cut off");
    }
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === VARINT) fields.push({ number, value: varint() });
    else if (kind === BYTES) fields.push({ number, value: take(varint()) });
    else if (kind === FIXED64) take(8);
    else if (kind === FIXED32) take(4);
    else throw new RangeError(`Unknown wire type ${kind} of field ${number}`);
  }
  return fields;
}

/** The bytes of the field with this number; empty if it is not there, as protobuf has it. */
export function bytesOf(fields: readonly Field[], number: number): Uint8Array {
  const value = fields.findLast((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** The number of the field with this number; 0 if it is not there. */
export function numberOf(fields: readonly Field[], number: number): number {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === "number" ? value : 0;
}

/** The messages of a repeated field. */
export function messagesOf(
  fields: readonly Field[],
  number: number,
): Field[][] {
  return fields.flatMap((field) =>
    field.number === number && field.value instanceof Uint8Array
      ? [readFields(field.value)]
      : []
  );
}

/** Builds a message field by field. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];

  /** Adds a number or a truth value. */
  number(number: number, value: number | boolean): this {
    this.#parts.push(varintOf(number * 8 + VARINT), varintOf(Number(value)));
    return this;
  }

  /** Adds bytes or a message. */
  bytes(number: number, value: Uint8Array): this {
    const tag = varintOf(number * 8 + BYTES);
    this.#parts.push(tag, varintOf(value.length), value);
    return this;
  }

  /** The message. */
  finish(): Uint8Array<ArrayBuffer> {
    return concat(this.#parts);
  }
}

/** Joins byte arrays. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varintOf(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push(rest % 128 + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return new Uint8Array(bytes);
}
