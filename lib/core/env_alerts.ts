/**
 * How the environment says where alerts may go.
 *
 * @module
 */
import { hosts } from "./env_network.ts";
import { Secret } from "./secret.ts";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

function loopbackEndpoint(value: string): string {
  if (value === "") return "";
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== "http:" || !LOOPBACK_NAMES.includes(url.hostname)) {
    throw new RangeError("http on this machine (127.0.0.1, localhost, [::1])");
  }
  return url.origin;
}

function mailServer(value: string): Secret<string> {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isServer = url !== null && /^smtps?:$/.test(url.protocol) &&
    url.hostname !== "" && /^\/?$/.test(url.pathname) && url.search === "";
  if (value !== "" && !isServer) {
    throw new RangeError(
      "smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465, special characters written as %40",
    );
  }
  return new Secret(value);
}

function sender(value: string): string {
  if (
    value !== "" &&
    !/^([^<>\r\n]{1,100} <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(
      value,
    )
  ) {
    throw new RangeError("an e-mail address, or a name and <address>");
  }
  return value;
}

/** The variables by name; see env.ts. */
export const ALERT_VARIABLES = {
  ALERT_HOSTS: {
    preset: "",
    help: [
      "Hosts that alerts may be sent to by https, with commas between, each with a port where it is not 443",
      "api.telegram.org switches Telegram on; empty for no webhooks",
    ].join("; "),
    example: "hooks.example.com,api.telegram.org",
    read: hosts,
  },
  SMTP_URL: {
    preset: "",
    help:
      "Mail server for alerts, with user and password: smtp:// encrypts by STARTTLS, smtps:// from the start; empty for no e-mail",
    example: "smtp://fleet:password@mail.example.com:587",
    isSecret: true,
    read: mailServer,
  },
  ALERT_MAIL_FROM: {
    preset: "",
    help: "Sender of e-mails; without it none are sent",
    example: "SMC Fleet <fleet@example.com>",
    read: sender,
  },
  TELEGRAM_ENDPOINT: {
    preset: "",
    help: "For tests: an address on this machine in place of Telegram's",
    example: "http://127.0.0.1:4002",
    read: loopbackEndpoint,
  },
} as const;

/** Everything that alerts may reach, as `host:port`: for the permissions of the server and of the worker that sends. */
export function alertNet(
  { ALERT_HOSTS, SMTP_URL, ALERT_MAIL_FROM, TELEGRAM_ENDPOINT }: {
    ALERT_HOSTS: readonly string[];
    SMTP_URL: Secret<string>;
    ALERT_MAIL_FROM: string;
    TELEGRAM_ENDPOINT: string;
  },
): readonly string[] {
  const mail = ALERT_MAIL_FROM === "" ? "" : SMTP_URL.reveal();
  const others = [mail, TELEGRAM_ENDPOINT].filter((text) => text !== "");
  return [...new Set([...ALERT_HOSTS, ...others.map(placeOf)])];
}

const PORTS: Readonly<Record<string, string>> = {
  "smtp:": "587",
  "smtps:": "465",
  "http:": "80",
};

function placeOf(text: string): string {
  const { protocol, hostname, port } = new URL(text);
  return `${hostname}:${port === "" ? PORTS[protocol] : port}`;
}
