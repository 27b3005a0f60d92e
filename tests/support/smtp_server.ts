/** A small mail server: enough of RFC 5321 to take a letter, or to refuse one. */

/** A letter as it came. */
export interface MailReceived {
  from: string;
  to: string[];
  text: string;
  isEncrypted: boolean;
  login: string | null;
}

/** How it behaves. */
export interface SmtpServerOptions {
  /** Offers STARTTLS with these. */
  tls?: { cert: string; key: string };
  /** Answer to RCPT, where it is not "250 ok". */
  onRecipient?: string;
  /** Says nothing at all. */
  isSilent?: boolean;
}

/** Listens on this machine. */
export function createSmtpServer(
  options: SmtpServerOptions = {},
): Disposable & { port: number; letters: MailReceived[] } {
  const letters: MailReceived[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const accept = async () => {
    for await (const connection of listener) {
      open.add(connection);
      void converse(connection, options, letters).catch(() => {});
    }
  };
  void accept().catch(() => {});
  return {
    port: (listener.addr as Deno.NetAddr).port,
    letters,
    [Symbol.dispose]() {
      listener.close();
      for (const connection of open) close(connection);
    },
  };
}

async function converse(
  connection: Deno.Conn,
  { onRecipient = "250 ok", isSilent = false }: SmtpServerOptions,
  letters: MailReceived[],
): Promise<void> {
  if (isSilent) return;
  const say = (line: string) =>
    connection.write(new TextEncoder().encode(`${line}\r\n`));
  const letter: MailReceived = {
    from: "",
    to: [],
    text: "",
    isEncrypted: false,
    login: null,
  };
  await say("220 test ESMTP");
  let isData = false;
  for await (const line of linesOf(connection)) {
    if (isData) {
      if (line !== ".") {
        letter.text += `${line}\n`;
        continue;
      }
      isData = false;
      letters.push({ ...letter });
      await say("250 taken");
      continue;
    }
    const word = line.split(/[ :]/)[0]!.toUpperCase();
    switch (word) {
      case "EHLO":
        await say("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME");
        break;
      case "AUTH":
        letter.login = atob(line.split(" ")[2] ?? "");
        await say(
          letter.login.endsWith("right")
            ? "235 ok"
            : "535 5.7.8 wrong password",
        );
        break;
      case "MAIL":
        letter.from = line;
        await say("250 ok");
        break;
      case "RCPT":
        letter.to.push(line);
        await say(onRecipient);
        break;
      case "DATA":
        isData = true;
        await say("354 go on");
        break;
      case "QUIT":
        await say("221 bye");
        close(connection);
        return;
      default:
        await say("250 ok");
    }
  }
}

async function* linesOf(connection: Deno.Conn): AsyncGenerator<string> {
  let rest = "";
  const bytes = new Uint8Array(4_096);
  for (;;) {
    const read = await connection.read(bytes);
    if (read === null) return;
    rest += new TextDecoder().decode(bytes.subarray(0, read));
    const lines = rest.split("\r\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The other side was faster.
  }
}
