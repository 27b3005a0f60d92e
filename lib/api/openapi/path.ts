/** The name of a parameter; Hono ends it at the next `/`. */
const NAME = "\\w+";

/** A path of Hono as the document writes it: `/agents/{id}` for `/agents/:id`. */
export function braced(path: string): string {
  return path.replaceAll(new RegExp(`:(${NAME})`, "g"), "{$1}");
}

/** The names of the parameters of a path with braces, in their order. */
export function parametersOf(path: string): string[] {
  const found = path.matchAll(new RegExp(`\\{(${NAME})\\}`, "g"));
  return [...found].map(([, name]) => name!);
}
