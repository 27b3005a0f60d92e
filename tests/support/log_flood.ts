/** A server that speaks the panel's stream and sends log lines as fast as it is told. */
import type { LogEntry } from "../../lib/contracts/log.ts";
import { LOG_CATEGORIES, LOG_LEVELS } from "../../lib/contracts/log_terms.ts";

/** How often lines are written, in ms. */
const WRITE_EVERY_MS = 10;

/** A flood that runs while a page listens. */
export class LogFlood {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #perSecond: number;
  #isOn = false;
  /** Lines written since {@link begin}. */
  sent = 0;
  /** Place of the last one. */
  lastSeq = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  begin(): void {
    this.#isOn = true;
  }

  end(): void {
    this.#isOn = false;
  }

  async close(): Promise<void> {
    await this.#server.shutdown();
  }

  #answer(request: Request): Response {
    const after = Number(new URL(request.url).searchParams.get("after"));
    this.lastSeq = Math.max(this.lastSeq, after);
    let timer: ReturnType<typeof setInterval> | undefined;
    const stream = new ReadableStream<string>({
      start: (controller) => {
        controller.enqueue(frame("hello", {
          v: 1,
          type: "hello",
          seq: this.lastSeq,
        }));
        let before = performance.now();
        let owed = 0;
        timer = setInterval(() => {
          const now = performance.now();
          owed += this.#isOn ? (now - before) * this.#perSecond / 1_000 : 0;
          before = now;
          const count = Math.trunc(owed);
          owed -= count;
          if (count > 0) controller.enqueue(this.#lines(count));
        }, WRITE_EVERY_MS);
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(stream.pipeThrough(new TextEncoderStream()), {
      headers: {
        "content-type": "text/event-stream",
        "access-control-allow-origin": "*",
      },
    });
  }

  #lines(count: number): string {
    let text = "";
    for (let place = 0; place < count; place++) {
      this.sent++;
      text += frame("log.added", envelope(++this.lastSeq));
    }
    return text;
  }
}

function envelope(seq: number) {
  const at = Date.now();
  const data: LogEntry = {
    seq,
    level: LOG_LEVELS[seq % LOG_LEVELS.length]!,
    category: LOG_CATEGORIES[seq % LOG_CATEGORIES.length]!,
    agentId: "agt_01J00000000000000000000000",
    agentName: "flood",
    message:
      `Line ${seq}: the order block at 64210.50 was tested and held, stop moved to 63980.25`,
    at,
    marketAt: null,
    data: { price: "64210.50", quantity: "0.125", seq },
  };
  return {
    v: 1,
    seq,
    topic: "logs:all",
    type: "log.added",
    at: new Date(at).toISOString(),
    data,
  };
}

function frame(
  name: string,
  data: { seq: number; [field: string]: unknown },
): string {
  return `id: ${data.seq}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
