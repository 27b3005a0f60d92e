import { KV_MAX_READ_KEY_BYTES, KV_MAX_WRITE_KEY_BYTES } from "./limits.ts";

// One byte in front of each part, so that parts of different types sort by
// type: bytes, strings, bigints, numbers, booleans. The documentation of Deno
// KV names numbers before bigints; what it stores sorts as it does here.
const TAG = {
  bytes: "\x01",
  string: "\x02",
  longNegative: "\x0b",
  integerZero: 0x14,
  longPositive: "\x1d",
  double: "\x21",
  no: "\x26",
  yes: "\x27",
} as const;
const END = "\x00";
const ESCAPED_END = "\x00\xff";
// An integer of up to this many bytes has its length in its tag.
const SHORT_INTEGER_BYTES = 8;
const MAX_INTEGER_BYTES = 255;

// Most keys: each character is one byte, and none is the end of a part.
// deno-lint-ignore no-control-regex -- only the zero character is not plain
const PLAIN_TEXT = /^[\x01-\x7f]*$/;

const utf8 = new TextEncoder();

/**
 * A key as a string of bytes (one character each) that sorts as Deno KV sorts
 * keys, and is as long as what Deno KV stores. Equal keys give equal strings.
 *
 * @throws {TypeError} if a part has a type that a key cannot have.
 */
export function encodeKey(key: Deno.KvKey): string {
  return key.map(encodePart).join("");
}

/**
 * The encoded key of a write.
 *
 * @throws {TypeError} as Deno KV does, if it is empty or too large.
 */
export function encodeWrittenKey(key: Deno.KvKey): string {
  const encoded = encodeKey(key);
  if (encoded === "") throw new TypeError("key cannot be empty");
  if (encoded.length <= KV_MAX_WRITE_KEY_BYTES) return encoded;
  throw new TypeError(
    `Key too large for write (max ${KV_MAX_WRITE_KEY_BYTES} bytes)`,
  );
}

/**
 * The range of encoded keys `[start, end)` that reads one key or a selector.
 *
 * @throws {TypeError} as Deno KV does, if the selector makes no sense.
 */
export function rangeOf(
  selector: Deno.KvListSelector,
): { start: string; end: string } {
  const range = "prefix" in selector
    ? prefixRange(selector)
    : orderedRange(selector);
  checkReadKey(range.start);
  checkReadKey(range.end);
  return range;
}

/**
 * The encoded key of a read.
 *
 * @throws {TypeError} as Deno KV does, if it is too large.
 */
export function encodeReadKey(key: Deno.KvKey): string {
  const encoded = encodeKey(key);
  // A read of one key is a range up to the key with a zero byte behind it.
  checkReadKey(`${encoded}${END}`);
  return encoded;
}

function prefixRange(
  selector: { prefix: Deno.KvKey; start?: Deno.KvKey; end?: Deno.KvKey },
): { start: string; end: string } {
  const prefix = encodeKey(selector.prefix);
  const whole = { start: `${prefix}\x00`, end: `${prefix}\xff` };
  const isInside = (key: string) =>
    key.length > prefix.length && key.startsWith(prefix);
  const start = selector.start && encodeKey(selector.start);
  const end = selector.end && encodeKey(selector.end);
  if (start !== undefined && !isInside(start)) {
    throw new TypeError(
      "Start key is not in the keyspace defined by prefix",
    );
  }
  if (end !== undefined && !isInside(end)) {
    throw new TypeError("End key is not in the keyspace defined by prefix");
  }
  return { start: start ?? whole.start, end: end ?? whole.end };
}

function orderedRange(
  selector: { start: Deno.KvKey; end: Deno.KvKey },
): { start: string; end: string } {
  const range = {
    start: encodeKey(selector.start),
    end: encodeKey(selector.end),
  };
  if (range.start <= range.end) return range;
  throw new TypeError("Start key is greater than end key");
}

function checkReadKey(encoded: string): void {
  if (encoded.length <= KV_MAX_READ_KEY_BYTES) return;
  throw new TypeError(
    `Key too large for read (max ${KV_MAX_READ_KEY_BYTES} bytes)`,
  );
}

function encodePart(part: unknown): string {
  switch (typeof part) {
    case "string":
      return TAG.string + encodeText(part) + END;
    case "number":
      return TAG.double + encodeDouble(part);
    case "bigint":
      return encodeInteger(part);
    case "boolean":
      return part ? TAG.yes : TAG.no;
    default:
      if (part instanceof Uint8Array) {
        return TAG.bytes + escapeBytes(part) + END;
      }
      throw new TypeError(
        "expected string, number, bigint, ArrayBufferView, boolean",
      );
  }
}

function encodeText(text: string): string {
  return PLAIN_TEXT.test(text) ? text : escapeBytes(utf8.encode(text));
}

/** A zero byte ends a part, so one inside it is marked. */
function escapeBytes(bytes: Uint8Array): string {
  return toByteString(bytes).replaceAll(END, ESCAPED_END);
}

/** The sign bit is turned, and below zero all bits, so that bytes sort as numbers do. */
function encodeDouble(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  const isNegative = !Number.isNaN(value) && bytes[0]! >= 0x80;
  return toByteString(
    isNegative
      ? bytes.map((byte) => byte ^ 0xff)
      : bytes.with(0, bytes[0]! ^ 0x80),
  );
}

/** The length stands in front, and below zero all bits are turned. */
function encodeInteger(value: bigint): string {
  if (value === 0n) return String.fromCharCode(TAG.integerZero);
  const isNegative = value < 0n;
  const hex = (isNegative ? -value : value).toString(16);
  const bytes = Uint8Array.fromHex(
    hex.padStart(hex.length + hex.length % 2, "0"),
  );
  const { length } = bytes;
  if (length > MAX_INTEGER_BYTES) {
    throw new TypeError(
      `A bigint of a key has ${length} bytes, more than ${MAX_INTEGER_BYTES}; store a hash of it instead`,
    );
  }
  const body = toByteString(
    isNegative ? bytes.map((byte) => byte ^ 0xff) : bytes,
  );
  if (length <= SHORT_INTEGER_BYTES) {
    const tag = TAG.integerZero + (isNegative ? -length : length);
    return String.fromCharCode(tag) + body;
  }
  return isNegative
    ? TAG.longNegative + String.fromCharCode(length ^ 0xff) + body
    : TAG.longPositive + String.fromCharCode(length) + body;
}

function toByteString(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
