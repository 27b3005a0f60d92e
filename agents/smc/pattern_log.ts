import type { Bias, PatternEvent } from "../../lib/contracts/pattern.ts";
import {
  PATTERN_CODES,
  type PatternNumbers,
  toPatternEvent,
} from "./pattern_codes.ts";
import { PATTERN_LOG_CAPACITY, PATTERNS_KEPT } from "./limits.ts";

const MASK = PATTERN_LOG_CAPACITY - 1;

/** The newest events in columns; structured-cloneable. */
export interface PatternLogSnapshot {
  /** Number of the event after the last. */
  end: number;
  code: Uint8Array;
  bias: Int8Array;
  detail: Uint8Array;
  seq: Uint32Array;
  refSeq: Uint32Array;
  at: Float64Array;
  refAt: Float64Array;
  first: Float64Array;
  second: Float64Array;
  origin: Uint32Array;
}

/**
 * The events of a stream in preallocated columns, numbered from 0 and never
 * changed; the oldest are forgotten. An event becomes an object only when
 * somebody asks for it, so that finding patterns makes no garbage.
 */
export class PatternLog {
  /** Number of the event after the last. */
  end = 0;
  /** Number of the first event of the newest candle. */
  newestStart = 0;
  readonly code = new Uint8Array(PATTERN_LOG_CAPACITY);
  readonly #bias = new Int8Array(PATTERN_LOG_CAPACITY);
  readonly #detail = new Uint8Array(PATTERN_LOG_CAPACITY);
  readonly #seq = new Uint32Array(PATTERN_LOG_CAPACITY);
  readonly #refSeq = new Uint32Array(PATTERN_LOG_CAPACITY);
  readonly #at = new Float64Array(PATTERN_LOG_CAPACITY);
  readonly #refAt = new Float64Array(PATTERN_LOG_CAPACITY);
  readonly #first = new Float64Array(PATTERN_LOG_CAPACITY);
  readonly #second = new Float64Array(PATTERN_LOG_CAPACITY);
  readonly #origin = new Uint32Array(PATTERN_LOG_CAPACITY);
  #candleSeq = 0;
  #candleAt = 0;

  /** Number of the oldest event that is kept. */
  get start(): number {
    return Math.max(0, this.end - PATTERNS_KEPT);
  }

  /** Events of the newest candle. */
  get newestCount(): number {
    return this.end - this.newestStart;
  }

  /** Begins a candle: what is added from now on became known at its close. */
  beginCandle(seq: number, at: number): void {
    this.newestStart = this.end;
    this.#candleSeq = seq;
    this.#candleAt = at;
  }

  /**
   * Adds an event of the newest candle; the meaning of the numbers is that of
   * {@link PatternNumbers}. Positional arguments: an options object for every
   * event would be the garbage that the columns avoid.
   */
  add(
    code: number,
    bias: Bias,
    detail: number,
    refSeq: number,
    refAt: number,
    first: number,
    second: number,
    origin: number = 0,
  ): void {
    const place = this.end++ & MASK;
    this.code[place] = code;
    this.#bias[place] = bias;
    this.#detail[place] = detail;
    this.#seq[place] = this.#candleSeq;
    this.#at[place] = this.#candleAt;
    this.#refSeq[place] = refSeq;
    this.#refAt[place] = refAt;
    this.#first[place] = first;
    this.#second[place] = second;
    this.#origin[place] = origin;
  }

  /** Code of event `number`, which must be kept. */
  codeOf(number: number): number {
    return this.code[number & MASK]!;
  }

  /** Detail of event `number`, which must be kept; its meaning is that of the kind. */
  detailOf(number: number): number {
    return this.#detail[number & MASK]!;
  }

  /** Bias of event `number`, which must be kept. */
  biasOf(number: number): Bias {
    return this.#bias[number & MASK]! as Bias;
  }

  /** Number of the newest candle's first event with this code, or −1. */
  findNewest(code: number): number {
    for (let number = this.newestStart; number < this.end; number++) {
      if (this.code[number & MASK] === code) return number;
    }
    return -1;
  }

  /** Event `number` as numbers. */
  numbers(number: number): PatternNumbers {
    const place = number & MASK;
    return {
      code: this.code[place]!,
      bias: this.#bias[place]! as Bias,
      detail: this.#detail[place]!,
      seq: this.#seq[place]!,
      at: this.#at[place]!,
      refSeq: this.#refSeq[place]!,
      refAt: this.#refAt[place]!,
      first: this.#first[place]!,
      second: this.#second[place]!,
      origin: this.#origin[place]!,
    };
  }

  /** Event `number` as an object. */
  event(number: number): PatternEvent {
    return toPatternEvent(this.numbers(number));
  }

  /** The events from `from` to before `to` as objects, oldest first. */
  events(from: number, to: number): PatternEvent[] {
    const found: PatternEvent[] = [];
    for (let number = from; number < to; number++) {
      found.push(this.event(number));
    }
    return found;
  }

  snapshot(): PatternLogSnapshot {
    const { start, end } = this;
    const copy = <T extends Column>(column: T): T => {
      const part = new (column.constructor as new (length: number) => T)(
        end - start,
      );
      for (let number = start; number < end; number++) {
        part[number - start] = column[number & MASK]!;
      }
      return part;
    };
    return {
      end,
      code: copy(this.code),
      bias: copy(this.#bias),
      detail: copy(this.#detail),
      seq: copy(this.#seq),
      refSeq: copy(this.#refSeq),
      at: copy(this.#at),
      refAt: copy(this.#refAt),
      first: copy(this.#first),
      second: copy(this.#second),
      origin: copy(this.#origin),
    };
  }

  restore(snapshot: PatternLogSnapshot): void {
    const { end } = snapshot;
    const start = end - snapshot.code.length;
    const write = <T extends Column>(column: T, part: T) => {
      for (let number = start; number < end; number++) {
        column[number & MASK] = part[number - start]!;
      }
    };
    this.end = end;
    this.newestStart = end;
    write(this.code, snapshot.code);
    write(this.#bias, snapshot.bias);
    write(this.#detail, snapshot.detail);
    write(this.#seq, snapshot.seq);
    write(this.#refSeq, snapshot.refSeq);
    write(this.#at, snapshot.at);
    write(this.#refAt, snapshot.refAt);
    write(this.#first, snapshot.first);
    write(this.#second, snapshot.second);
    write(this.#origin, snapshot.origin);
  }
}

type Column = Uint8Array | Int8Array | Uint32Array | Float64Array;

/** Name of a code, for texts and tests. */
export function nameOfCode(code: number): string {
  return PATTERN_CODES[code] ?? `unknown ${code}`;
}
