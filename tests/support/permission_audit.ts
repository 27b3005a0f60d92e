/**
 * What a process asked its permissions for, as Deno writes it down, compared
 * with what it was given. Code that asks for more may catch the refusal, so that
 * nothing but this shows it.
 *
 * @module
 */
import { resolve } from "node:path";

interface AuditLine {
  permission: string;
  value: string | null;
}

/** What workers are given parts of. */
const HANDED_ON = ["read", "write", "net"];

/** The requests of an audit file that no flag grants, each once. */
export async function listUngranted(
  auditFile: string,
  permissions: readonly string[],
): Promise<string[]> {
  const lists = new Map(permissions.map((flag) => {
    const [, name, values] = /^--allow-([a-z]+)=(.*)$/.exec(flag) ?? [];
    return [name ?? flag, (values ?? "").split(",")] as const;
  }));
  const text = await Deno.readTextFile(auditFile);
  const lines = text.trim().split("\n").map((line) =>
    JSON.parse(line) as AuditLine
  );
  const ungranted = lines.filter((line) =>
    !isGranted(line, lists.get(line.permission) ?? [])
  );
  return [
    ...new Set(
      ungranted.map(({ permission, value }) =>
        `${permission} ${value ?? "(all)"}`
      ),
    ),
  ].toSorted();
}

function isGranted(
  { permission, value }: AuditLine,
  list: readonly string[],
): boolean {
  // What is handed on to a worker is asked for without a name, and is a part of the list.
  if (value === null) return HANDED_ON.includes(permission);
  switch (permission) {
    case "read":
    case "write": {
      const path = resolve(value);
      return list.some((given) => {
        const folder = resolve(given);
        return path === folder || path.startsWith(`${folder}/`);
      });
    }
    case "net":
      return list.includes(value) || list.includes(value.replace(/:\d+$/, ""));
    default:
      return list.includes(value);
  }
}
