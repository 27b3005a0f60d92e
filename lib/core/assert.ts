/** A broken invariant: the actor that finds it must crash and be restarted from known-good state. */
export class DefectError extends Error {
  override name = "DefectError";
}

/**
 * Asserts an invariant that correct code always keeps.
 *
 * @throws {DefectError} If `condition` is false.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new DefectError(message);
}

/**
 * Marks a branch that exhaustive code never takes; the parameter type makes a missing case a compile error.
 *
 * @throws {DefectError} Always.
 */
export function assertNever(value: never, what: string): never {
  throw new DefectError(`Unknown ${what}: ${JSON.stringify(value)}`);
}
