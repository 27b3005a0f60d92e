import { PanelFailure, Skeleton } from "../agent/PageState.tsx";
import { Button } from "../Button.tsx";
import { EmptyState } from "../Feedback.tsx";
import type { LogFeed } from "./log_feed.ts";
import { NO_FILTER, toQuery } from "./log_filter.ts";

/** What a log view shows where it has no line: that it is being read, cannot be, or has none. */
export function LogVoid(
  { feed, withAgent, onClear }: {
    feed: LogFeed;
    /** The log of all agents; else one agent's own, whose filter names it always. */
    withAgent: boolean;
    /** Asked for a view that leaves nothing out. */
    onClear: () => void;
  },
) {
  if (feed.failure.value !== null) return <LogFailure feed={feed} />;
  if (feed.loading.value) {
    return (
      <div class="log-void">
        <Skeleton what="the log" />
      </div>
    );
  }
  const filter = feed.filter.value;
  const own = withAgent ? NO_FILTER : { ...NO_FILTER, agentId: filter.agentId };
  if (toQuery(filter).toString() === toQuery(own).toString()) {
    return (
      <EmptyState title="Nothing was written yet; new lines appear here by themselves.">
        {withAgent && <a class="btn btn-default" href="/">Go to the fleet</a>}
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No line matches the filter; new ones that do appear here by themselves.">
      <Button
        class="needs-script"
        data-testid="log-clear-filter"
        onClick={onClear}
      >
        Clear the filter
      </Button>
    </EmptyState>
  );
}

/** That lines could not be read, whether some are shown or none. */
export function LogFailure({ feed }: { feed: LogFeed }) {
  return (
    <div class="log-void">
      <PanelFailure
        what={feed.isForeign.value ? "the lines of this filter" : "the log"}
        failure={feed.failure.value}
        busy={feed.loading.value}
        onRetry={() => void feed.retry()}
      />
    </div>
  );
}
