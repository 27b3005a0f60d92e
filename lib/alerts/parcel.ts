import type { ChannelSecrets } from "../contracts/alerts/channel.ts";
import type { AlertDelivery } from "../contracts/alerts/delivery.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import type { Parcel } from "./delivery/protocol.ts";
import { targetOf } from "./delivery/target.ts";
import { bodyOf, textOf } from "./message.ts";
import type { AlertSettings } from "./settings.ts";
import { signBody } from "./signature.ts";

/** Why nothing goes to a kind of channel that the operator has not switched on. */
export const SWITCHED_OFF = {
  telegram:
    "This server does not send to Telegram; whoever runs it adds api.telegram.org to ALERT_HOSTS",
  email:
    "This server sends no e-mail; whoever runs it sets SMTP_URL and ALERT_MAIL_FROM",
} as const;

/** Makes a message ready to go, or says why it cannot go. */
export async function parcelOf(
  delivery: AlertDelivery,
  { secrets, settings, at }: {
    secrets: ChannelSecrets;
    settings: AlertSettings;
    at: EpochMs;
  },
): Promise<Parcel | string> {
  const { title, text } = textOf(delivery, settings);
  switch (secrets.kind) {
    case "webhook": {
      const target = targetOf(secrets.url, settings.hosts);
      if (typeof target === "string") return target;
      const body = bodyOf(delivery, settings);
      return {
        kind: "webhook",
        target,
        body,
        headers: await headersOf(delivery, {
          body,
          secret: secrets.signingSecret,
          at,
        }),
      };
    }
    case "telegram": {
      const { token, chatId } = secrets;
      const { telegram: api } = settings;
      if (api === null) return SWITCHED_OFF.telegram;
      const message = { token, chatId, text: `${title}\n\n${text}`, api };
      return { kind: "telegram", message };
    }
    case "email": {
      const { mail: server } = settings;
      if (server === null) return SWITCHED_OFF.email;
      const letter = { id: delivery.id, to: secrets.to, title, text };
      return { kind: "email", letter, server };
    }
  }
}

/** The signature is made anew for each attempt: receivers refuse old ones. */
async function headersOf(
  { id }: AlertDelivery,
  { body, secret, at }: { body: string; secret: string; at: EpochMs },
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = await signBody(body, { secret, timestamp });
  return {
    "User-Agent": "smc-fleet-alerts",
    "X-Fleet-Alert-Id": id,
    "X-Fleet-Timestamp": timestamp,
    "X-Fleet-Signature": `v1=${signature}`,
  };
}
