/**
 * The standard normal distribution. Both functions are exact to about 1e-15
 * relative to the smaller of p and 1 − p.
 *
 * @module
 */

const SQRT_2_PI = Math.sqrt(2 * Math.PI);

/** From here the series needs too many terms and the continued fraction few. */
const SERIES_MAX = 3;

/** Density at `z`. */
export function normalDensity(z: number): number {
  return Math.exp(-z * z / 2) / SQRT_2_PI;
}

/**
 * Chance of a value up to `z`: the series of Marsaglia (2004) in the middle,
 * Laplace's continued fraction (Abramowitz and Stegun 26.2.14) in the tails.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN;
  if (Math.abs(z) < SERIES_MAX) return 0.5 + middleShare(z);
  return z < 0 ? tailShare(-z) : 1 - tailShare(z);
}

/** Chance between 0 and `z`: density · (z + z³/3 + z⁵/(3·5) + …). */
function middleShare(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * Number.EPSILON; odd += 2) {
    term *= z * z / odd;
    sum += term;
  }
  return sum * normalDensity(z);
}

/** Terms after which the continued fraction is exact from {@link SERIES_MAX} on. */
const FRACTION_TERMS = 160;

/** Chance above `z` (positive): density / (z + 1/(z + 2/(z + 3/…))). */
function tailShare(z: number): number {
  let fraction = z;
  for (let term = FRACTION_TERMS; term > 0; term--) {
    fraction = z + term / fraction;
  }
  return normalDensity(z) / fraction;
}

/**
 * Value that a normal variable stays below with chance `share` (0 to 1, both
 * ends infinite): algorithm AS 241 PPND16 (Wichura 1988).
 */
export function normalQuantile(share: number): number {
  if (!(share >= 0 && share <= 1)) return NaN;
  const fromMiddle = share - 0.5;
  if (Math.abs(fromMiddle) <= 0.425) {
    return fromMiddle * ratio(MIDDLE, 0.180625 - fromMiddle * fromMiddle);
  }
  const tail = Math.min(share, 1 - share);
  if (tail === 0) return fromMiddle < 0 ? -Infinity : Infinity;
  const depth = Math.sqrt(-Math.log(tail));
  const size = depth <= 5 ? ratio(TAIL, depth - 1.6) : ratio(FAR, depth - 5);
  return fromMiddle < 0 ? -size : size;
}

/** Coefficients of a rational function, lowest power first. */
interface Rational {
  above: readonly number[];
  below: readonly number[];
}

function ratio({ above, below }: Rational, x: number): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, factor) => sum * x + factor, 0);
}

const MIDDLE: Rational = {
  above: [
    3.3871328727963666080,
    133.14166789178437745,
    1971.5909503065514427,
    13731.693765509461125,
    45921.953931549871457,
    67265.770927008700853,
    33430.575583588128105,
    2509.0809287301226727,
  ],
  below: [
    1,
    42.313330701600911252,
    687.18700749205790830,
    5394.1960214247511077,
    21213.794301586595867,
    39307.895800092710610,
    28729.085735721942674,
    5226.4952788528545610,
  ],
};

const TAIL: Rational = {
  above: [
    1.42343711074968357734,
    4.63033784615654529590,
    5.76949722146069140550,
    3.64784832476320460504,
    1.27045825245236838258,
    0.241780725177450611770,
    0.0227238449892691845833,
    7.74545014278341407640e-4,
  ],
  below: [
    1,
    2.05319162663775882187,
    1.67638483018380384940,
    0.689767334985100004550,
    0.148103976427480074590,
    0.0151986665636164571966,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
  ],
};

const FAR: Rational = {
  above: [
    6.65790464350110377720,
    5.46378491116411436990,
    1.78482653991729133580,
    0.296560571828504891230,
    0.0265321895265761230930,
    1.24266094738807843860e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
  ],
  below: [
    1,
    0.599832206555887937690,
    0.136929880922735805310,
    0.0148753612908506148525,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
  ],
};
