import type { FaultRule } from "./faults/kinds.ts";
import type { ForeignOrder } from "./foreign_order.ts";
import type { VenueProcessOptions } from "./main.ts";
import type { VenueReport } from "./report.ts";
import type { RequestLogLine } from "./rest/server.ts";

const MAIN = new URL("main.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** A fake venue in a process of its own, which outlives the program under test. */
export interface VenueProcess {
  url: string;
  port: number;
  pid: number;
  report(): Promise<VenueReport>;
  requests(): Promise<RequestLogLine[]>;
  addFaults(rules: readonly FaultRule[]): Promise<void>;
  clearFaults(): Promise<void>;
  placeForeign(order: ForeignOrder): Promise<Record<string, unknown>>;
  /** Any other control; see `control.ts`. @throws {Error} With the venue's reason. */
  control(request: string, body?: unknown): Promise<unknown>;
  /** Its exit code, when it has ended. */
  ended: Promise<number>;
  /** Ends it; answers with its exit code. */
  stop(): Promise<number>;
}

/** Starts it and waits until it listens. */
export async function startVenueProcess(
  options: VenueProcessOptions = {},
): Promise<VenueProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--no-prompt",
      `--config=${decodeURIComponent(CONFIG.pathname)}`,
      "--allow-net=127.0.0.1",
      decodeURIComponent(MAIN.pathname),
      JSON.stringify({ ...options, isBoundToParent: true }),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const { url, port } = await firstLine(child.stdout);
  const control = async (request: string, body?: unknown) => {
    const [method, path] = request.split(" ") as [string, string];
    const response = await fetch(`${url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    throw new Error(`${request}: ${JSON.stringify(answer)}`);
  };
  const ended = child.status.then(({ code }) => code);
  return {
    url,
    port,
    pid: child.pid,
    control,
    report: () => control("GET report") as Promise<VenueReport>,
    requests: () => control("GET requests") as Promise<RequestLogLine[]>,
    addFaults: async (rules) => void await control("POST faults", rules),
    clearFaults: async () => void await control("DELETE faults"),
    placeForeign: (order) =>
      control("POST order", order) as Promise<Record<string, unknown>>,
    ended,
    stop: async () => {
      // It may have ended by itself.
      await child.stdin.close().catch(() => {});
      return await ended;
    },
  };
}

/** The address that it prints, after which nothing more comes. */
async function firstLine(
  stdout: ReadableStream<Uint8Array>,
): Promise<{ url: string; port: number }> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  if (!text.includes("\n")) {
    throw new Error("The fake venue ended before it listened");
  }
  return JSON.parse(text);
}
