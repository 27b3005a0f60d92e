import {
  bindings,
  fromSealedText,
  toSealedText,
} from "../contracts/sealed_record.ts";
import { AppError } from "../core/errors.ts";
import type { SecretStore } from "../store/port.ts";
import { type Keyring, open, seal } from "./envelope.ts";

/**
 * A store of secrets that keeps them sealed in another one, each bound to its
 * name. Clear text of older builds is sealed at the start of the server, so
 * that what is not sealed here has been put in by somebody else.
 *
 * Its `read` throws `SECRET_UNREADABLE` where no key of the keyring opens what
 * is stored, or it is not sealed.
 */
export function sealedSecrets(
  store: SecretStore,
  wrapping: Keyring,
): SecretStore {
  return {
    async read(name) {
      const known = await store.read(name);
      if (known === null) return null;
      const sealed = fromSealedText(known.text);
      if (sealed === null) {
        throw new AppError(
          "SECRET_UNREADABLE",
          `The secret "${name}" lies in the store in clear text, where the server puts none; start the server again to seal it`,
        );
      }
      const text = await open(sealed, {
        wrapping,
        bound: bindings.secret(name),
      });
      return { text, version: known.version };
    },
    async write(name, { text, version }) {
      const sealed = await seal(text, {
        wrapping,
        bound: bindings.secret(name),
      });
      return await store.write(name, { text: toSealedText(sealed), version });
    },
  };
}
