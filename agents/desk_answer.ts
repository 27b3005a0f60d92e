/** Candles that the desk has to answer an order in; it does so on the next one. */
export const ANSWER_CANDLES_MAX = 3;

/** Whether an order got lost, as one may that was sent to a desk that had just started again. */
export function isUnanswered(sentSeq: number, seq: number): boolean {
  return seq - sentSeq > ANSWER_CANDLES_MAX;
}
