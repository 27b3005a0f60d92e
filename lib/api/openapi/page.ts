/**
 * The document as a page to read: no script, no style of its own, every text
 * escaped. Long shapes are folded away.
 *
 * @module
 */
import type { OpenApiDocument } from "./document.ts";
import type { Operation } from "./operation.ts";
import type { JsonSchema } from "./schemas.ts";
import { shapeOf } from "./shape_text.ts";

/** Writes the page. */
export function writePage(document: OpenApiDocument): string {
  const parts = partsOf(document);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>HTTP API · SMC Fleet</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/panel.css">
</head>
<body>
<main class="api-docs">
<h1>HTTP API</h1>
<p>${escape(document.info.description)}</p>
<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI ${
    escape(document.openapi)
  }). The panel: <a href="/">overview</a>.</p>
<nav aria-label="Parts"><ul>${
    parts.map(({ name, description }) =>
      `<li><a href="#${name}">${escape(description)}</a></li>`
    ).join("")
  }<li><a href="#shapes">Shapes</a></li></ul></nav>
${parts.map(partHtml).join("\n")}
${shapesHtml(document.components["schemas"] ?? {})}
</main>
</body>
</html>
`;
}

interface Placed {
  path: string;
  method: string;
  operation: Operation;
}

interface Part {
  name: string;
  description: string;
  operations: readonly Placed[];
}

/** Operations by tag; a tag without any is left out. */
function partsOf({ paths, tags }: OpenApiDocument): readonly Part[] {
  const all = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method,
      operation,
    }))
  );
  return tags.map(({ name, description }) => ({
    name,
    description,
    operations: all.filter(({ operation }) => operation.tags.includes(name)),
  })).filter(({ operations }) => operations.length > 0);
}

function partHtml({ name, description, operations }: Part): string {
  return `<section aria-labelledby="${name}">
<h2 id="${name}">${escape(description)}</h2>
${operations.map(operationHtml).join("\n")}
</section>`;
}

function shapesHtml(schemas: Readonly<Record<string, unknown>>): string {
  return `<section aria-labelledby="shapes">
<h2 id="shapes">Shapes</h2>
${
    Object.entries(schemas).map(([name, schema]) =>
      `<details id="schema-${escape(name)}"><summary><code>${
        escape(name)
      }</code></summary>${shapeHtml(schema as JsonSchema)}</details>`
    ).join("\n")
  }
</section>`;
}

function operationHtml({ path, method, operation }: Placed): string {
  const id = escape(operation.operationId);
  const { schema: body } = contentOf(operation.requestBody);
  return `<article aria-labelledby="${id}">
<h3 id="${id}"><a href="#${id}"><span class="method method-${escape(method)}">${
    escape(method.toUpperCase())
  }</span> <code>${escape(path)}</code></a></h3>
<p>${escape(operation.summary)}. ${escape(operation.description ?? "")}</p>
${parametersHtml(operation.parameters)}
${
    body === null
      ? ""
      : `<details><summary>Body</summary>${shapeHtml(body)}</details>`
  }
${responsesHtml(operation)}
</article>`;
}

function parametersHtml(parameters: readonly JsonSchema[]): string {
  const rows = parameters.filter((parameter) =>
    parameter["$ref"] !== "#/components/parameters/RequestId"
  ).map((parameter) => {
    const ref = parameter["$ref"];
    if (typeof ref === "string") {
      const name = ref.split("/").at(-1)!;
      return `<tr><td><code>${
        escape(HEADER_NAMES[name] ?? name)
      }</code></td><td>header</td><td>${
        OPTIONAL.includes(name) ? "may be left out" : "needed"
      }</td><td></td></tr>`;
    }
    return `<tr><td><code>${escape(String(parameter["name"]))}</code></td><td>${
      escape(String(parameter["in"]))
    }</td><td>${
      parameter["required"] === true ? "needed" : "may be left out"
    }</td><td>${escape(shapeOf(parameter["schema"] as JsonSchema))}</td></tr>`;
  });
  return rows.length === 0
    ? ""
    : `<table><thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col"></th><th scope="col">Value</th></tr></thead><tbody>${
      rows.join("")
    }</tbody></table>`;
}

const HEADER_NAMES: Readonly<Record<string, string>> = {
  IdempotencyKey: "Idempotency-Key",
  OptionalIdempotencyKey: "Idempotency-Key",
  IfMatch: "If-Match",
  LastEventId: "Last-Event-ID",
  Upgrade: "Upgrade",
};

const OPTIONAL: readonly string[] = ["OptionalIdempotencyKey", "LastEventId"];

function responsesHtml({ responses }: Operation): string {
  const all = Object.entries(responses) as [string, JsonSchema][];
  const answers = all.filter(([, response]) => !("$ref" in response));
  // The name of a response that is referred to is its status and its codes.
  const codes = all.flatMap(([status, { $ref }]) =>
    typeof $ref !== "string"
      ? []
      : $ref.split(".").slice(1).map((code) =>
        `<code>${escape(code)}</code> ${status}`
      )
  );
  return answers.map(answerHtml).join("\n") +
    (codes.length === 0
      ? ""
      : `\n<details><summary>Problems</summary><p>${
        codes.join(", ")
      }</p></details>`);
}

/** An answer; of a file what one line or event of it is, of a socket its messages. */
function answerHtml([status, response]: [string, JsonSchema]): string {
  const { schema, types } = contentOf(response);
  const messages = Object.entries(
    (response["x-messages"] ?? {}) as Record<string, JsonSchema>,
  );
  const named = types.filter((type) => type !== "application/json");
  const label = `Answer ${status}${
    named.length === 0 ? "" : `: ${escape(named.join(", "))}`
  }`;
  const body = schema === null
    ? `<p>${label}</p>`
    : `<details><summary>${label}</summary>${shapeHtml(schema)}</details>`;
  return [
    body,
    ...messages.map(([from, message]) =>
      `<details><summary>Messages of the ${escape(from)}</summary>${
        shapeHtml(message)
      }</details>`
    ),
  ].join("\n");
}

/** The media types of a body or an answer, and the schema that they share; null where there is none. */
function contentOf(part: JsonSchema | undefined): {
  schema: JsonSchema | null;
  types: readonly string[];
} {
  const content = (part?.["content"] ?? {}) as Record<string, JsonSchema>;
  const [first] = Object.values(content);
  const schema = (first?.["schema"] ?? null) as JsonSchema | null;
  return { schema, types: Object.keys(content) };
}

/** The text of a shape, its names linked. */
function shapeHtml(schema: JsonSchema): string {
  const html = escape(shapeOf(schema)).replaceAll(
    /→(\w+)/g,
    '<a href="#schema-$1">$1</a>',
  );
  return `<pre tabindex="0">${html}</pre>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
