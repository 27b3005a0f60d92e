/** A small collector of OpenTelemetry on loopback, which keeps what it is sent as JSON. */

/** What came so far. */
export interface OtlpReceiver extends AsyncDisposable {
  endpoint: string;
  /** Everything that was sent to a signal, as it came. */
  text(signal: "logs" | "metrics" | "traces"): string;
  /** Resolves when what came satisfies a condition; whoever waits sets the limit. */
  until(isReached: () => boolean): Promise<void>;
}

/** Starts one on a free port; it answers as collectors do over OTLP/HTTP with JSON. */
export function startOtlpReceiver(): OtlpReceiver {
  const came: Record<string, string> = {};
  let told = Promise.withResolvers<void>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const signal = new URL(request.url).pathname.replace("/v1/", "");
      came[signal] = (came[signal] ?? "") + await request.text();
      told.resolve();
      told = Promise.withResolvers();
      return Response.json({});
    },
  );
  return {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    text: (signal) => came[signal] ?? "",
    async until(isReached) {
      // deno-lint-ignore no-await-in-loop -- each answer may be the one
      while (!isReached()) await told.promise;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
