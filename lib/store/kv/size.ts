/**
 * How many bytes a value takes in the store. Everything that is written is
 * measured first, hundreds of values a second, so that the usual small one is
 * only estimated: to serialize it takes seven times as long, and leaves 8 KiB
 * behind, outside of the heap, until the engine collects everything it has.
 *
 * @module
 */
import { serialize } from "node:v8";
import { AppError } from "../../core/errors.ts";
import { ENTRY_OVERHEAD_BYTES, MAX_VALUE_BYTES } from "../limits.ts";

/** A number as it is, or an integer in parts of seven bits; both with their tag. */
const NUMBER_BYTES = 9;
/** A tag and a length of 32 bits in parts of seven bits. */
const HEAD_BYTES = 6;
/** Tags at both ends, the number of properties, and the length of an array once more. */
const FRAME_BYTES = 1 + 2 * HEAD_BYTES;
/** Of an array with holes, the place of each element is written as well. */
const ELEMENT_BYTES = HEAD_BYTES;
/** Version of the format. */
const HEADER_BYTES = 2;
/** Deeper than what is stored ever is: it may go round in a circle. */
const DEPTH_MAX = 64;

/**
 * Bytes that `value` takes in the store, or more: never less. A value that may
 * take more than one entry holds is measured exactly.
 *
 * @throws {Error} that it could not be cloned.
 */
export function sizeOf(value: unknown): number {
  const estimate = HEADER_BYTES + ENTRY_OVERHEAD_BYTES +
    estimateOf(value, { depth: 0, leftBytes: MAX_VALUE_BYTES });
  return estimate <= MAX_VALUE_BYTES ? estimate : exactSizeOf(value);
}

/**
 * Checks that a value fits into one entry.
 *
 * @throws {AppError} STORE_VALUE_TOO_LARGE
 */
export function checkedSize(value: unknown, what: string): number {
  const bytes = sizeOf(value);
  if (bytes <= MAX_VALUE_BYTES) return bytes;
  throw new AppError(
    "STORE_VALUE_TOO_LARGE",
    `${what} takes ${bytes} bytes, more than the ${MAX_VALUE_BYTES} of one store entry; bound its lists before it is stored`,
  );
}

function exactSizeOf(value: unknown): number {
  return serialize(value).byteLength + ENTRY_OVERHEAD_BYTES;
}

/** Where an estimate stands: how deep in the value, and how many bytes are worth counting. */
interface Place {
  depth: number;
  leftBytes: number;
}

/** At least what a value takes by the format of structured cloning; it counts no further than `leftBytes`. */
function estimateOf(value: unknown, place: Place): number {
  switch (typeof value) {
    case "string":
      // Two bytes a character and one that brings them to an even place.
      return HEAD_BYTES + 1 + 2 * value.length;
    case "number":
      return NUMBER_BYTES;
    case "boolean":
    case "undefined":
      return 1;
    case "object":
      if (value === null) return 1;
      if (place.depth === DEPTH_MAX) return exactSizeOf(value);
      if (Array.isArray(value)) return estimateOfArray(value, place);
      if (isPlain(value)) return estimateOfObject(value, place);
  }
  // Dates, maps, bytes and the like are rare; what cannot be stored is told by its own error.
  return exactSizeOf(value);
}

/** Without named properties of the array, which nothing that is stored has. */
function estimateOfArray(array: readonly unknown[], place: Place): number {
  let bytes = FRAME_BYTES;
  for (const element of array) {
    if (bytes > place.leftBytes) return bytes;
    bytes += ELEMENT_BYTES + estimateOf(element, within(place, bytes));
  }
  return bytes;
}

function estimateOfObject(object: object, place: Place): number {
  let bytes = FRAME_BYTES;
  for (const [key, value] of Object.entries(object)) {
    if (bytes > place.leftBytes) return bytes;
    bytes += estimateOf(key, place) + estimateOf(value, within(place, bytes));
  }
  return bytes;
}

function within({ depth, leftBytes }: Place, bytes: number): Place {
  return { depth: depth + 1, leftBytes: leftBytes - bytes };
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
