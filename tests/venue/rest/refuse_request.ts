import type { RateDenial } from "./rate_limits.ts";

/** An answer before it goes out. */
export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** A JSON answer. */
export function json(body: unknown, status = 200): Answer {
  return {
    status,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json;charset=UTF-8" },
  };
}

/** HTTP 429 or 418, as Binance words it. */
export function denied(denial: RateDenial): Answer {
  const answer = json({
    code: -1003,
    msg: denial.status === 418
      ? "Way too much request weight used; IP banned until later. Please use WebSocket Streams for live updates to avoid bans."
      : "Too much request weight used; current limit is reached. Please use WebSocket Streams for live updates to avoid polling the API.",
  }, denial.status);
  answer.headers["Retry-After"] = String(denial.retryAfterSeconds);
  return answer;
}

/** A page of the load balancer, which no program understands. */
export function badGateway(): Answer {
  return {
    status: 502,
    body:
      "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
    headers: { "content-type": "text/html" },
  };
}

/** The venue is closed. */
export function maintenance(): Answer {
  return json({ code: -1, msg: "System is under maintenance." }, 503);
}
