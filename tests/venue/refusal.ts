/** A request that the venue decoded and says no to, in Binance's form `{"code": -2010, "msg": "…"}`. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: number;
  readonly status: number;

  constructor(code: number, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The body of the answer. */
export function refusalBody(refusal: Refusal): { code: number; msg: string } {
  return { code: refusal.code, msg: refusal.message };
}
