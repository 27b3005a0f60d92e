import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { MAIL_DEADLINE_MS } from "../limits.ts";
import { failedFor, refusedFor, type SendOutcome } from "./outcome.ts";

/** The mail server of the operator. */
export interface MailServer {
  hostname: string;
  port: number;
  /** Encrypted from the first byte; else by STARTTLS, which only this machine's own may lack. */
  isEncrypted: boolean;
  mayBePlain: boolean;
  user: string;
  password: string;
  from: string;
}

/** One letter. */
export interface Letter {
  id: string;
  to: string;
  title: string;
  text: string;
}

/** Sends a letter. Never throws. */
export async function sendMail(
  letter: Letter,
  server: MailServer,
  { ca, deadlineMs = MAIL_DEADLINE_MS }: {
    /** Roots to trust in place of the system's, for tests. */
    ca?: string;
    deadlineMs?: number;
  } = {},
): Promise<SendOutcome> {
  let socket: Socket | null = null;
  let smtp: SMTPConnection | null = null;
  const late = Promise.withResolvers<never>();
  // The worker's own deadline: nobody here has a clock to hand in.
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${deadlineMs / 1_000} s`)),
    deadlineMs,
  );
  try {
    socket = openSocket(server, ca);
    await Promise.race([opened(socket, server), late.promise]);
    smtp = createSession(server, { socket, ca, deadlineMs });
    await Promise.race([converse(smtp, letter, server), late.promise]);
    return { ok: true };
  } catch (error) {
    return outcomeOf(error, server);
  } finally {
    clearTimeout(timer);
    smtp?.close();
    socket?.destroy();
  }
}

/** The name is looked up by the system: the library would ask name servers, which the worker may not reach. */
function openSocket(
  { hostname, port, isEncrypted }: MailServer,
  ca: string | undefined,
): Socket {
  const place = { host: hostname, port };
  return isEncrypted
    ? connectTls({
      ...place,
      servername: hostname,
      ...(ca === undefined ? {} : { ca }),
    })
    : connect(place);
}

function opened(
  socket: Socket,
  { isEncrypted }: MailServer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once(isEncrypted ? "secureConnect" : "connect", () => resolve());
  });
}

function createSession(
  { hostname, port, isEncrypted, mayBePlain }: MailServer,
  { socket, ca, deadlineMs }: {
    socket: Socket;
    ca: string | undefined;
    deadlineMs: number;
  },
): SMTPConnection {
  return new SMTPConnection({
    host: hostname,
    port,
    secure: isEncrypted,
    // Connected already, and encrypted where it is so from the first byte; else it is by STARTTLS.
    connection: socket,
    secured: isEncrypted,
    requireTLS: !isEncrypted && !mayBePlain,
    // A name of ours is nobody's business.
    name: "smc-fleet.invalid",
    tls: { servername: hostname, ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
  });
}

async function converse(
  smtp: SMTPConnection,
  { id, to, title, text }: Letter,
  { user, password, from }: MailServer,
): Promise<void> {
  const step = <T>(run: (done: (error?: Error | null) => void) => T) =>
    new Promise<void>((resolve, reject) => {
      smtp.once("error", reject);
      run((error) => error ? reject(error) : resolve());
    });
  await step((done) => smtp.connect(done));
  if (user !== "") {
    await step((done) => smtp.login({ user, pass: password }, done));
  }
  const domain = from.split("@").at(-1)!.replace(/>$/, "");
  const message = await new MailComposer({
    from,
    to,
    subject: title,
    text,
    // The same at every attempt, so that mail programs show one letter.
    messageId: `<${id}@${domain}>`,
    headers: { "Auto-Submitted": "auto-generated" },
  }).compile().build();
  await step((done) =>
    smtp.send({ from: addressIn(from), to: [to] }, message, done)
  );
  smtp.quit();
}

/** The address in `Name <address>`. */
function addressIn(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from;
}

/** What the server said decides: 5xx never goes better, anything else may. */
function outcomeOf(error: unknown, { hostname }: MailServer): SendOutcome {
  const { responseCode, message = String(error) } = error as {
    responseCode?: number;
    message?: string;
  };
  const sentence = `The mail server ${hostname} did not take it: ${
    message.split("\n", 1)[0]!.slice(0, 200)
  }`;
  return responseCode !== undefined && responseCode >= 500
    ? refusedFor(sentence)
    : failedFor(sentence);
}
