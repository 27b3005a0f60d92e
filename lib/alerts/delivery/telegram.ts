import { type Answer, outcomeOf, post } from "./post.ts";
import { failedFor, type SendOutcome } from "./outcome.ts";
import type { Target } from "./target.ts";

/** Characters of one message that Telegram takes. */
const TEXT_MAX = 4_096;

/** What is sent to a chat. */
export interface TelegramMessage {
  token: string;
  chatId: string;
  text: string;
  /** Where the Bot API is; its path is filled in here. */
  api: Omit<Target, "path">;
}

/** Sends a message by the Bot API. The token is in the path, which no error tells. */
export async function sendTelegram(
  { token, chatId, text, api }: TelegramMessage,
  nowMs: number,
): Promise<SendOutcome> {
  const answer = await post({
    target: { ...api, path: `/bot${token}/sendMessage` },
    headers: {},
    body: JSON.stringify({
      chat_id: chatId,
      text: text.slice(0, TEXT_MAX),
      link_preview_options: { is_disabled: true },
    }),
  });
  if ("ok" in answer) return answer;
  const outcome = outcomeOf(answer, { hostname: "Telegram", nowMs });
  if (outcome.ok) return outcome;
  const { description, retryAfterMs } = readRefusal(answer);
  const error = description === null
    ? outcome.error
    : `${outcome.error}: ${description}`;
  return outcome.isFinal
    ? { ...outcome, error }
    : failedFor(error, retryAfterMs ?? outcome.retryAfterMs);
}

function readRefusal(
  { body }: Answer,
): { description: string | null; retryAfterMs: number | null } {
  // A short answer; one that came in chunks has its sizes around it.
  const json = /\{.*\}/s.exec(body)?.[0] ?? "";
  try {
    const { description, parameters } = JSON.parse(json);
    const seconds = parameters?.retry_after;
    return {
      description: typeof description === "string"
        ? description.slice(0, 200)
        : null,
      retryAfterMs: typeof seconds === "number" ? seconds * 1_000 : null,
    };
  } catch {
    return { description: null, retryAfterMs: null };
  }
}
