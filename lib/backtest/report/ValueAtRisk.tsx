import type { ReportMetrics } from "../../contracts/backtest_report.ts";
import { formatCount, formatDecimal, plural } from "../../ui/format.ts";
import { Percent, ScrollTable } from "./Values.tsx";

const METHODS = {
  historical: "Historical",
  normal: "Normal distribution",
  cornish_fisher: "Cornish-Fisher",
  ewma: "Recent volatility (EWMA)",
} as const;

/** What a day may lose, by method, and whether that held. */
export function ValueAtRiskPart({ metrics }: { metrics: ReportMetrics }) {
  const { valueAtRiskCheck: check } = metrics;
  const undefinedFor = "this method does not define it";
  return (
    <>
      <ScrollTable
        caption="Loss of one day that is exceeded on 5 % or 1 % of days"
        isCaptionShown
      >
        <thead>
          <tr>
            <th scope="col" class="text">Method</th>
            <th scope="col">VaR 95 %</th>
            <th scope="col">VaR 99 %</th>
            <th scope="col">Shortfall 95 %</th>
          </tr>
        </thead>
        <tbody>
          {metrics.valueAtRiskByMethod.map((row) => (
            <tr key={row.method}>
              <th scope="row">{METHODS[row.method]}</th>
              <td>
                <Percent
                  value={row.valueAtRisk95Pct}
                  reason="it needs at least 20 days with different returns"
                />
              </td>
              <td>
                <Percent
                  value={row.valueAtRisk99Pct}
                  reason="it needs at least 100 days with different returns"
                />
              </td>
              <td>
                <Percent
                  value={row.expectedShortfall95Pct}
                  reason={undefinedFor}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p>
        {check === null
          ? "The figures were not tested against the days after them: that needs at least 70 days."
          : `Recent volatility was exceeded on ${
            formatCount(check.exceeded)
          } of ${plural(check.days, "day")}, ${
            formatDecimal(check.expected, { digits: 1 })
          } were to be expected (likelihood ratio ${
            formatDecimal(check.likelihoodRatio)
          }): ${
            check.isRejected
              ? "this figure cannot be trusted for such returns."
              : "that does not speak against it."
          }`}
      </p>
    </>
  );
}
