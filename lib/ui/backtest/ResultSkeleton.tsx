/** The place of a result that is on its way, in its geometry; seen only where it takes long. */
export function ResultSkeleton() {
  return (
    <div class="result-skeleton" data-testid="result-skeleton">
      <p class="sr-only" role="status">The result is being read</p>
      <div class="result-skeleton-kpis" aria-hidden="true">
        {Array.from({ length: 8 }, (_, n) => <span key={n} />)}
      </div>
      <div class="result-skeleton-curve" aria-hidden="true" />
    </div>
  );
}
