import type { ChartResponse } from "../../contracts/chart.ts";
import type { Call } from "./api_client.ts";

/** Calls of the panel about charts. */
export function chartCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
) {
  const chartPath = (id: string) =>
    `/api/agents/${encodeURIComponent(id)}/chart`;
  return {
    /** The newest candles after one. */
    chart: (id: string, afterSeq: number, limit: number) =>
      call<ChartResponse>(
        `${chartPath(id)}?afterSeq=${afterSeq}&limit=${limit}`,
      ),
    /** The newest candles before one. */
    olderChart: (id: string, beforeSeq: number, limit: number) =>
      call<ChartResponse>(
        `${chartPath(id)}?beforeSeq=${beforeSeq}&limit=${limit}`,
      ),
  };
}
