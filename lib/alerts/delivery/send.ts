import { sendMail } from "./mail.ts";
import type { SendOutcome } from "./outcome.ts";
import { outcomeOf, post } from "./post.ts";
import type { Parcel } from "./protocol.ts";
import { sendTelegram } from "./telegram.ts";

/** Sends one parcel. Never throws. */
export async function send(
  parcel: Parcel,
  nowMs: number,
): Promise<SendOutcome> {
  switch (parcel.kind) {
    case "webhook": {
      const answer = await post(parcel);
      if ("ok" in answer) return answer;
      const { hostname } = parcel.target;
      return outcomeOf(answer, { hostname, nowMs });
    }
    case "telegram":
      return await sendTelegram(parcel.message, nowMs);
    case "email":
      return await sendMail(parcel.letter, parcel.server);
  }
}
