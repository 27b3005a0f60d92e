/**
 * Entry of the worker that hashes passwords. Argon2id blocks its isolate for
 * 60 ms, so it has one of its own, without any permission.
 *
 * @module
 */
import { answerPassword, type PasswordQuestion } from "./argon.ts";

/** A question to the worker. */
export type HashRequest = { id: number } & PasswordQuestion;

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
    const value = await answerPassword(request);
    scope.postMessage({ id, ok: true, value });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ id, ok: false, message });
  }
});
