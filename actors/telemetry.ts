/**
 * What Deno tells a collector of OpenTelemetry about requests, without what
 * stands in their queries: tokens of links, signatures of exchanges.
 *
 * @module
 */

/** The part of a span that is changed. */
interface SpanPrototype {
  setAttribute(this: unknown, name: string, value: unknown): unknown;
}

/** The part of Deno's telemetry that is used. */
interface Telemetry {
  tracerProvider: {
    getTracer(name: string): { startSpan(name: string): { end(): void } };
  };
}

/**
 * From now on no span of this isolate carries a query. Deno writes the whole
 * address of every request, asked or answered, and has no setting against it.
 * Does nothing where telemetry is off.
 */
export function keepQueriesOutOfSpans(): void {
  const prototype = spanPrototype();
  if (prototype === null) return;
  const { setAttribute } = prototype;
  prototype.setAttribute = function (name, value) {
    return setAttribute.call(this, name, withoutQuery(name, value));
  };
}

/** An attribute as it may leave. */
export function withoutQuery(name: string, value: unknown): unknown {
  if (name === "url.query") return "";
  const isAddress = name === "url.full" || name === "http.url" ||
    name === "http.target";
  return isAddress && typeof value === "string"
    ? value.split(/[?#]/, 1)[0]
    : value;
}

function spanPrototype(): SpanPrototype | null {
  const { telemetry } = Deno as unknown as { telemetry?: Telemetry };
  if (telemetry === undefined) return null;
  try {
    const span = telemetry.tracerProvider.getTracer("smc-fleet")
      .startSpan("begin");
    span.end();
    return Object.getPrototypeOf(span) as SpanPrototype;
  } catch {
    // It is off.
    return null;
  }
}
