import type { BacktestView } from "../../../contracts/backtest.ts";
import type { ApiClient } from "../../api_client.ts";
import { CliError, EXIT } from "../../errors.ts";
import { backoffMs } from "../../follow.ts";
import type { CliIo } from "../../io.ts";
import { readServerEvents } from "../../sse.ts";

/** Tells whether a run has ended. */
export function hasEnded({ state }: Pick<BacktestView, "state">): boolean {
  return state === "done" || state === "failed" || state === "canceled";
}

/**
 * Waits until a run has ended, with its progress on a terminal. Progress is not
 * stored, so the run is asked for again after each connection and heartbeat.
 *
 * @returns Null if the person did not want to wait any longer.
 */
export async function waitForEnd(
  id: string,
  { io, client }: { io: CliIo; client: ApiClient },
): Promise<BacktestView | null> {
  for (let attempt = 0; !io.interrupt.aborted; attempt++) {
    try {
      // deno-lint-ignore no-await-in-loop -- one connection after the other
      const ended = await watchOnce(id, { io, client });
      if (ended !== null) return ended;
    } catch (error) {
      if (io.interrupt.aborted) break;
      if (isFinal(error)) throw error;
    }
    if (io.interrupt.aborted) break;
    // deno-lint-ignore no-await-in-loop -- one connection after the other
    await io.sleep(backoffMs(attempt, io.random()));
  }
  return null;
}

async function watchOnce(
  id: string,
  { io, client }: { io: CliIo; client: ApiClient },
): Promise<BacktestView | null> {
  const { view, streamSeq } = await client.backtest(id);
  if (hasEnded(view)) return finish(io, view);
  const body = await client.openStream({
    topics: "backtest:update",
    after: streamSeq,
  });
  for await (const { data } of readServerEvents(body)) {
    const frame = JSON.parse(data) as { type?: string; data?: BacktestView };
    if (frame.type === "hello" || frame.type === "heartbeat") {
      const { view: now } = await client.backtest(id);
      if (hasEnded(now)) return finish(io, now);
    }
    if (frame.type !== "backtest.updated" || frame.data?.id !== id) continue;
    if (hasEnded(frame.data)) return finish(io, frame.data);
    showProgress(io, frame.data);
  }
  return null;
}

function showProgress(io: CliIo, { state, progress }: BacktestView): void {
  if (!io.isTerminal) return;
  const { phase, share, candlesPerSecond } = progress;
  const speed = candlesPerSecond === null
    ? ""
    : `, ${Math.round(candlesPerSecond).toLocaleString("en")} candles a second`;
  const text = state === "queued"
    ? "waits for the runs before it"
    : `${phase} ${Math.floor(share * 100)} %${speed}`;
  io.stderr(`\r\x1b[2K${text}`);
}

function finish(io: CliIo, view: BacktestView): BacktestView {
  if (io.isTerminal) io.stderr("\r\x1b[2K");
  return view;
}

/** A refusal stays one; a server that is down or busy may come back. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof CliError)) return false;
  if (error.exitCode === EXIT.unreachable) return false;
  const status = error.problem?.status ?? 0;
  return status < 500 && status !== 429;
}
