/**
 * Entry of the worker that hashes passwords. Argon2id blocks its isolate for
 * 60 ms, so it has one of its own, without any permission.
 *
 * @module
 */
import { argon2id, argon2Verify } from "hash-wasm";
import {
  ARGON_HASH_BYTES,
  ARGON_LANES,
  ARGON_MEMORY_KIB,
  ARGON_PASSES,
  ARGON_SALT_BYTES,
} from "./limits.ts";

/** A question to the worker. */
export type HashRequest =
  | { id: number; type: "hash"; password: string }
  | { id: number; type: "verify"; password: string; hash: string };

/** Its answer: a PHC string, or whether the password fits. */
export type HashAnswer =
  | { id: number; ok: true; value: string | boolean }
  | { id: number; ok: false; message: string };

const scope = self as unknown as {
  postMessage(answer: HashAnswer): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<HashRequest>) => void,
  ): void;
};

scope.addEventListener("message", async ({ data: request }) => {
  const { id } = request;
  try {
    const value = await answer(request);
    scope.postMessage({ id, ok: true, value });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ id, ok: false, message });
  }
});

function answer(request: HashRequest): Promise<string | boolean> {
  const { password } = request;
  if (request.type === "verify") {
    return argon2Verify({ password, hash: request.hash });
  }
  return argon2id({
    password,
    salt: crypto.getRandomValues(new Uint8Array(ARGON_SALT_BYTES)),
    memorySize: ARGON_MEMORY_KIB,
    iterations: ARGON_PASSES,
    parallelism: ARGON_LANES,
    hashLength: ARGON_HASH_BYTES,
    outputType: "encoded",
  });
}
