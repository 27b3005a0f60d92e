import { argon2id, argon2Verify } from "hash-wasm";
import {
  ARGON_HASH_BYTES,
  ARGON_LANES,
  ARGON_MEMORY_KIB,
  ARGON_PASSES,
  ARGON_SALT_BYTES,
} from "./limits.ts";

/** A password to hash, or to check against a hash in PHC format. */
export type PasswordQuestion =
  | { type: "hash"; password: string }
  | { type: "verify"; password: string; hash: string };

/** Hashes or checks with Argon2id; it blocks this isolate for 60 ms. */
export function answerPassword(
  question: PasswordQuestion,
): Promise<string | boolean> {
  const { password } = question;
  if (question.type === "verify") {
    return argon2Verify({ password, hash: question.hash });
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
