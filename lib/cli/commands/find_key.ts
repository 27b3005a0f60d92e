import { suggest } from "../../core/nearest.ts";
import type { ApiClient } from "../api_client.ts";
import { CliError, EXIT } from "../errors.ts";

/**
 * The id of an exchange key by its id or its label.
 *
 * @throws {CliError} Not found (3).
 */
export async function findKeyId(
  client: ApiClient,
  name: string,
): Promise<string> {
  const keys = await client.exchangeKeys();
  const found = keys.find(({ id, label }) =>
    id === name || label.toLowerCase() === name.toLowerCase()
  );
  if (found !== undefined) return found.id;
  const labels = keys.map(({ label }) => label);
  throw new CliError(
    `You have no exchange key "${name}".${suggest(name, labels)}`,
    { exitCode: EXIT.notFound, next: "List them: deno task agent keys" },
  );
}
