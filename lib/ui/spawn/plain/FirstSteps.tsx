const STEPS = ["Account", "Second factor", "First agent"] as const;

/** Where somebody is in the first start. */
export function FirstSteps(
  { current, isFactorLater = false }: {
    current: 1 | 2 | 3;
    /** The second factor was put off. */
    isFactorLater?: boolean;
  },
) {
  return (
    <ol class="first-steps" aria-label="First start">
      {STEPS.map((title, index) => {
        const isPutOff = isFactorLater && index === 1;
        const isDone = index + 1 < current && !isPutOff;
        const isCurrent = index + 1 === current;
        return (
          <li
            key={title}
            class={isCurrent ? "first-step first-step-on" : "first-step"}
            {...(isCurrent ? { "aria-current": "step" as const } : {})}
          >
            <span aria-hidden="true">{isDone ? "✓" : index + 1}</span> {title}
            {isDone && <span class="sr-only">, done</span>}
            {isPutOff && ": later"}
          </li>
        );
      })}
    </ol>
  );
}
