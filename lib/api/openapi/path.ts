/** A parameter's name: what Hono takes for one, too. */
const NAME = "[A-Za-z][A-Za-z0-9]*";

/** A path of Hono as the document writes it: `/agents/{id}` for `/agents/:id`. */
export function braced(path: string): string {
  return path.replaceAll(new RegExp(`:(${NAME})`, "g"), "{$1}");
}

/** The names of the parameters of a path with braces, in their order. */
export function parametersOf(path: string): string[] {
  const found = path.matchAll(new RegExp(`\\{(${NAME})\\}`, "g"));
  return [...found].map(([, name]) => name!);
}
