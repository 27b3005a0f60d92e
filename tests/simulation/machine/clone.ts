/** How deep a value may be nested before the platform's own function takes over; a circle has no end. */
const DEPTH_MAX = 32;

const nativeClone = globalThis.structuredClone;

/**
 * Does what `structuredClone` does, several times as fast for the plain objects
 * and lists that messages are made of: a simulation spends a fifth of its time on
 * copies. Whatever is not plain is left to the platform's function.
 */
export const quickClone: typeof structuredClone = (value, options) => {
  if (options?.transfer !== undefined && options.transfer.length > 0) {
    return nativeClone(value, options);
  }
  try {
    return clonePlain(value, 0) as typeof value;
  } catch (error) {
    if (error !== NOT_PLAIN) throw error;
    return nativeClone(value);
  }
};

const NOT_PLAIN = new Error("The value is not plain");

function clonePlain(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "object":
      break;
    case "function":
    case "symbol":
      throw NOT_PLAIN;
    default:
      return value;
  }
  if (value === null) return null;
  if (depth === DEPTH_MAX) throw NOT_PLAIN;
  if (Array.isArray(value)) {
    const list = new Array(value.length);
    for (let index = 0; index < value.length; index++) {
      if (!(index in value)) throw NOT_PLAIN;
      list[index] = clonePlain(value[index], depth + 1);
    }
    return list;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) throw NOT_PLAIN;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    // It would set the prototype instead of a property.
    if (key === "__proto__") throw NOT_PLAIN;
    copy[key] = clonePlain((value as Record<string, unknown>)[key], depth + 1);
  }
  return copy;
}
