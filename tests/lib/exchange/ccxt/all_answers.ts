import { SPOT_ANSWERS, SWAP_ANSWERS } from "./binance_answers.ts";
import {
  BYBIT_ANSWERS,
  KRAKEN_ANSWERS,
  KRAKEN_FUTURES_ANSWERS,
  OKX_ANSWERS,
} from "./other_answers.ts";

/** Of every profiled exchange at once: their routes do not meet. */
export const ALL_ANSWERS = {
  ...SPOT_ANSWERS,
  ...SWAP_ANSWERS,
  ...BYBIT_ANSWERS,
  ...OKX_ANSWERS,
  ...KRAKEN_ANSWERS,
  ...KRAKEN_FUTURES_ANSWERS,
};
