import assert from "node:assert/strict";

type Node = Readonly<Record<string, unknown>>;

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];
const TYPES = [
  "null",
  "boolean",
  "object",
  "array",
  "number",
  "string",
  "integer",
];

/**
 * Checks what OpenAPI 3.1.0 asks of a document of this kind: required fields,
 * places of parameters, statuses, media types, security, references that lead
 * somewhere, unique operation ids, and schemas of JSON Schema 2020-12.
 */
export function checkOpenApi(document: Node): void {
  assert.match(String(document["openapi"]), /^3\.1\.\d+$/);
  const info = document["info"] as Node;
  assert.equal(typeof info["title"], "string");
  assert.equal(typeof info["version"], "string");
  const components = document["components"] as Record<string, Node>;
  for (const [kind, all] of Object.entries(components)) {
    for (const name of Object.keys(all)) {
      assert.match(name, /^[A-Za-z0-9._-]+$/, kind);
    }
  }
  for (const [name, schema] of Object.entries(components["schemas"]!)) {
    checkSchema(schema as Node, name);
  }
  const ids = new Set<string>();
  for (const [path, item] of Object.entries(document["paths"] as Node)) {
    assert.match(path, /^\/[^?#]*$/);
    for (const [method, operation] of Object.entries(item as Node)) {
      assert.ok(METHODS.includes(method), `${path} ${method}`);
      checkOperation(operation as Node, { path, document });
      const id = String((operation as Node)["operationId"]);
      assert.ok(!ids.has(id), `${id} is twice there`);
      ids.add(id);
    }
  }
  checkReferences(document, document);
}

function checkOperation(
  operation: Node,
  { path, document }: { path: string; document: Node },
): void {
  const parameters = operation["parameters"] as readonly Node[];
  const found = new Set<string>();
  for (const given of parameters) {
    const parameter = resolve(document, given);
    const { name, schema, required } = parameter;
    const place = String(parameter["in"]);
    assert.ok(["path", "query", "header", "cookie"].includes(place), path);
    assert.ok(!found.has(`${place} ${name}`), `${path}: ${name} twice`);
    found.add(`${place} ${name}`);
    if (place === "path") {
      assert.equal(required, true);
      assert.ok(path.includes(`{${name}}`), `${path}: ${name}`);
    }
    checkSchema(schema as Node, `${path} ${name}`);
  }
  for (const [, name] of path.matchAll(/\{([^}]+)\}/g)) {
    assert.ok(found.has(`path ${name}`), `${path} says nothing of ${name}`);
  }
  const body = operation["requestBody"] as Node | undefined;
  if (body !== undefined) checkContent(body["content"] as Node, path);
  const responses = operation["responses"] as Node;
  assert.ok(Object.keys(responses).length > 0, path);
  for (const [status, given] of Object.entries(responses)) {
    assert.match(status, /^([1-5]\d\d|[1-5]XX|default)$/, path);
    const response = resolve(document, given as Node);
    assert.equal(typeof response["description"], "string", path);
    checkContent((response["content"] ?? {}) as Node, path);
  }
  const schemes = (document["components"] as Node)["securitySchemes"] as Node;
  for (const requirement of operation["security"] as readonly Node[]) {
    for (const name of Object.keys(requirement)) assert.ok(name in schemes);
  }
}

function checkContent(content: Node, where: string): void {
  for (const [type, media] of Object.entries(content)) {
    assert.match(type, /^[\w.+-]+\/[\w.+*-]+$/, where);
    const { schema } = media as Node;
    if (schema !== undefined) checkSchema(schema as Node, where);
  }
}

function checkSchema(schema: Node, where: string): void {
  assert.equal(typeof schema, "object", where);
  const { type, required, properties, pattern } = schema;
  for (const one of type === undefined ? [] : [type].flat()) {
    assert.ok(TYPES.includes(one as string), `${where}: ${one}`);
  }
  if (required !== undefined) {
    const names = required as readonly string[];
    assert.equal(new Set(names).size, names.length, where);
    // With names that come from a schema no property is listed.
    if (schema["propertyNames"] === undefined) {
      for (const name of names) assert.ok(name in (properties as Node), where);
    }
  }
  if (pattern !== undefined) new RegExp(pattern as string, "u");
  if (schema["enum"] !== undefined) {
    assert.ok((schema["enum"] as unknown[]).length > 0, where);
  }
  for (const [name, field] of Object.entries((properties ?? {}) as Node)) {
    checkSchema(field as Node, `${where}.${name}`);
  }
  for (const key of ["items", "additionalProperties", "propertyNames"]) {
    const inner = schema[key];
    if (typeof inner === "object" && inner !== null) {
      checkSchema(inner as Node, `${where}.${key}`);
    }
  }
  for (const key of ["anyOf", "oneOf", "allOf", "prefixItems"]) {
    for (const [place, inner] of ((schema[key] ?? []) as Node[]).entries()) {
      checkSchema(inner, `${where}.${key}.${place}`);
    }
  }
}

function checkReferences(node: unknown, document: Node): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "$ref") resolve(document, { $ref: value });
    else checkReferences(value, document);
  }
}

/** What a reference leads to, or the node itself. */
export function resolve(document: Node, node: Node): Node {
  const ref = node["$ref"];
  if (typeof ref !== "string") return node;
  assert.match(ref, /^#\//);
  const target = ref.slice(2).split("/").reduce<unknown>(
    (inner, key) => (inner as Node | undefined)?.[key],
    document,
  );
  assert.ok(target !== undefined, `${ref} leads nowhere`);
  return target as Node;
}
