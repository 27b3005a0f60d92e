import { MAX_RATE_BUCKETS } from "./limits.ts";

/** A rate: so many requests a second for long, and so many at once. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** What became of one request at its bucket. */
export interface RateVerdict {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Until the bucket is full again. */
  resetSeconds: number;
  /** Until one request is allowed; 0 if it is now. */
  retryAfterMs: number;
}

/** Token buckets by key, bounded in number: the one that was not used for longest is forgotten. */
export interface RateLimiter {
  take(key: string, rate: Rate): RateVerdict;
}

/** Creates a limiter over a given clock. */
export function createRateLimiter(
  options: { now: () => number; maxBuckets?: number },
): RateLimiter {
  const maxBuckets = options.maxBuckets ?? MAX_RATE_BUCKETS;
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key, rate) {
      const now = options.now();
      const before = buckets.get(key) ?? { tokens: rate.burst, at: now };
      // A clock that was set back must not take tokens away.
      const gained = Math.max(0, now - before.at) / 1_000 * rate.perSecond;
      const tokens = Math.min(rate.burst, before.tokens + gained);
      const allowed = tokens >= 1;
      const left = allowed ? tokens - 1 : tokens;
      buckets.delete(key);
      buckets.set(key, { tokens: left, at: now });
      if (buckets.size > maxBuckets) forgetOldest(buckets);
      return {
        allowed,
        limit: rate.burst,
        remaining: Math.floor(left),
        resetSeconds: Math.ceil((rate.burst - left) / rate.perSecond),
        retryAfterMs: allowed ? 0 : (1 - left) / rate.perSecond * 1_000,
      };
    },
  };
}

function forgetOldest(buckets: Map<string, unknown>): void {
  const oldest = buckets.keys().next();
  if (!oldest.done) buckets.delete(oldest.value);
}
