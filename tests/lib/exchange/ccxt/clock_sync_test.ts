import assert from "node:assert/strict";
import fc from "fast-check";
import { SimulatedClock } from "../../../../actors/mod.ts";
import { ClockSync } from "../../../../lib/exchange/ccxt/clock_sync.ts";
import {
  CLOCK_SAMPLES,
  CLOCK_SYNC_MS,
} from "../../../../lib/exchange/ccxt/limits.ts";
