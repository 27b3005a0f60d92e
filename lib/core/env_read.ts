/** Readers of the environment's texts that several variables share. */

/** A whole number within bounds. */
export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new RangeError(`a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

/** One word of a list. */
export function oneOf<T extends string>(
  allowed: readonly T[],
): (text: string) => T {
  return (text) => {
    const found = allowed.find((value) => value === text);
    if (found === undefined) {
      throw new RangeError(`one of ${allowed.join(", ")}`);
    }
    return found;
  };
}
