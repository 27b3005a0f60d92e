import type { AlertSetup } from "../contracts/alerts/delivery.ts";
import type { MailServer } from "./delivery/mail.ts";
import { isLoopbackName, type Target } from "./delivery/target.ts";

/** How the operator set alerts up. */
export interface AlertSettings {
  /** `host:port` of every receiver of webhooks, and of Telegram. */
  hosts: readonly string[];
  /** Where the Bot API is, if messages may go there. */
  telegram: Omit<Target, "path"> | null;
  mail: MailServer | null;
  /** Address of the panel for links; null where it is not known. */
  panel: string | null;
}

const TELEGRAM = "api.telegram.org:443";

/** Reads what the environment says. */
export function alertSettings(
  { ALERT_HOSTS, TELEGRAM_ENDPOINT, SMTP_URL, ALERT_MAIL_FROM, PUBLIC_ORIGINS }:
    {
      ALERT_HOSTS: readonly string[];
      TELEGRAM_ENDPOINT: string;
      SMTP_URL: { reveal(): string };
      ALERT_MAIL_FROM: string;
      PUBLIC_ORIGINS: readonly string[];
    },
): AlertSettings {
  return {
    hosts: ALERT_HOSTS,
    telegram: telegramOf(ALERT_HOSTS, TELEGRAM_ENDPOINT),
    mail: mailServerOf(SMTP_URL.reveal(), ALERT_MAIL_FROM),
    panel: PUBLIC_ORIGINS[0] ?? null,
  };
}

/** The same without what is secret, for people. */
export function setupOf(
  { hosts, telegram, mail }: AlertSettings,
): AlertSetup {
  return {
    hosts,
    hasTelegram: telegram !== null,
    mailFrom: mail?.from ?? null,
  };
}

function telegramOf(
  hosts: readonly string[],
  endpoint: string,
): AlertSettings["telegram"] {
  if (endpoint !== "") {
    const { hostname, port } = new URL(endpoint);
    return {
      hostname,
      port: Number(port || 80),
      isEncrypted: false,
      isLoopbackAllowed: true,
    };
  }
  if (!hosts.includes(TELEGRAM)) return null;
  const [hostname = ""] = TELEGRAM.split(":");
  return {
    hostname,
    port: 443,
    isEncrypted: true,
    isLoopbackAllowed: false,
  };
}

function mailServerOf(text: string, from: string): MailServer | null {
  if (text === "" || from === "") return null;
  const url = new URL(text);
  const isEncrypted = url.protocol === "smtps:";
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (isEncrypted ? 465 : 587)),
    isEncrypted,
    mayBePlain: isLoopbackName(url.hostname),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    from,
  };
}
