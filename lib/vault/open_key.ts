import type {
  KeySecrets,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import { bindings } from "../contracts/sealed_record.ts";
import { Secret } from "../core/secret.ts";
import { type Keyring, open } from "./envelope.ts";

/** Opens a stored key; only the desk worker does. @throws {AppError} `SECRET_UNREADABLE` */
export async function openKey(
  { view, sealed }: StoredExchangeKey,
  wrapping: Keyring,
): Promise<Secret<KeySecrets>> {
  const bound = bindings.exchangeKey(view);
  const text = await open(sealed, { wrapping, bound });
  return new Secret(JSON.parse(text) as KeySecrets);
}
