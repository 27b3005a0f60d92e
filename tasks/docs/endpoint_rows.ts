import { describeApi } from "../../lib/api/api.ts";
import { TAGS } from "../../lib/api/openapi/spec.ts";

/** Head of the table of endpoints. */
export const ENDPOINT_HEAD = ["endpoint", "what it does", "action"];

/** Every endpoint, part by part; those that do not describe themselves last. */
export function endpointRows(): string[][] {
  const { document } = describeApi();
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `\`${method.toUpperCase()} ${path}\``,
      operation,
    }))
  );
  return Object.keys(TAGS).flatMap((tag) =>
    operations.filter(({ operation }) => operation.tags.includes(tag)).map((
      { name, operation },
    ) => [
      name,
      operation.summary,
      operation["x-action"] === null
        ? operation.security.length === 0 ? "open" : "–"
        : `\`${operation["x-action"]}\``,
    ])
  );
}
