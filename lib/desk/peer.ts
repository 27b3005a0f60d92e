/** The agent at the other end of an account's link. */
export interface Peer {
  epoch: number;
  isAttached: boolean;
  /** Last step it was told. */
  toldSeq: number;
  /** Last candle it decided on. */
  decidedSeq: number;
}
