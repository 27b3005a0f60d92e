/** Names of an error's class and of those it extends; the library keeps them apart from those of another load. */
export function classesOf(error: unknown): string[] {
  const names: string[] = [];
  let prototype = Object.getPrototypeOf(error ?? {});
  while (prototype !== null && prototype !== Object.prototype) {
    names.push(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}
